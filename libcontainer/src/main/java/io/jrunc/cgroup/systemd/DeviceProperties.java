// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.v2.V2Values;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.BlockIo.ThrottleDevice;
import io.jrunc.spec.BlockIo.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Weights and rates of single block devices. Source: systemd.resource-control(5). */
final class DeviceProperties {
    private static final String DEVICE = "/dev/block/";

    private static final Map<String, String> RATES =
            Map.of(
                    "rbps", "IOReadBandwidthMax",
                    "wbps", "IOWriteBandwidthMax",
                    "riops", "IOReadIOPSMax",
                    "wiops", "IOWriteIOPSMax");

    private DeviceProperties() {}

    static void ofV2(List<UnitProperty> all, BlockIo io) {
        weights(all, "IODeviceWeight", io, V2Values::ioWeight);
        rates(all, "IOReadBandwidthMax", io.throttleReadBpsDevice());
        rates(all, "IOWriteBandwidthMax", io.throttleWriteBpsDevice());
        rates(all, "IOReadIOPSMax", io.throttleReadIopsDevice());
        rates(all, "IOWriteIOPSMax", io.throttleWriteIopsDevice());
    }

    /** systemd has no properties for operations per second there. */
    static void ofV1(List<UnitProperty> all, BlockIo io) {
        weights(all, "BlockIODeviceWeight", io, IntUnaryOperator.identity());
        rates(all, "BlockIOReadBandwidth", io.throttleReadBpsDevice());
        rates(all, "BlockIOWriteBandwidth", io.throttleWriteBpsDevice());
    }

    private static void weights(
            List<UnitProperty> all, String name, BlockIo io, IntUnaryOperator conversion) {
        List<List<Object>> entries = new ArrayList<>();
        for (WeightDevice device : io.weightDevice()) {
            int weight = device.weight().orElse(0);
            if (weight != 0) {
                long converted = conversion.applyAsInt(weight);
                entries.add(List.of(path(device.major(), device.minor()), converted));
            }
        }
        add(all, name, entries);
    }

    private static void rates(List<UnitProperty> all, String name, List<ThrottleDevice> devices) {
        List<List<Object>> entries = new ArrayList<>();
        for (ThrottleDevice device : devices) {
            long rate = device.rate() == 0 ? UnitProperty.INFINITY : device.rate();
            entries.add(List.of(path(device.major(), device.minor()), rate));
        }
        add(all, name, entries);
    }

    /** The file io.weight: {@code default 100}, or a device and its weight, a line each. */
    static void weightLines(List<UnitProperty> all, String text) {
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("\\s+", 2);
            String weight = words[words.length - 1];
            if (words.length == 1 || words[0].equals("default")) {
                all.add(UnitProperty.number("IOWeight", V2Values.number(weight)));
            } else {
                List<Object> entry = List.of(DEVICE + words[0], V2Values.number(weight));
                add(all, "IODeviceWeight", List.of(entry));
            }
        }
    }

    /** The file io.max: a device and its rates, a line each. */
    static void rateLines(List<UnitProperty> all, String text) {
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            for (int i = 1; i < words.length; i++) {
                String[] rate = words[i].split("=", 2);
                String name = RATES.get(rate[0]);
                if (name != null && rate.length == 2) {
                    long value =
                            rate[1].equals("max")
                                    ? UnitProperty.INFINITY
                                    : V2Values.number(rate[1]);
                    add(all, name, List.of(List.of(DEVICE + words[0], value)));
                }
            }
        }
    }

    /** An empty list would make systemd forget all devices. */
    private static void add(List<UnitProperty> all, String name, List<List<Object>> entries) {
        if (!entries.isEmpty()) {
            all.add(new UnitProperty(name, "a(st)", entries));
        }
    }

    private static String path(int major, int minor) {
        return DEVICE + major + ":" + minor;
    }
}
