package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.v2.V2Values;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.BlockIo.ThrottleDevice;
import io.jrunc.spec.BlockIo.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Weights and rates of single block devices. Source: systemd.resource-control(5). */
final class DeviceProperties {
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

    /** An empty list would make systemd forget all devices. */
    private static void add(List<UnitProperty> all, String name, List<List<Object>> entries) {
        if (!entries.isEmpty()) {
            all.add(new UnitProperty(name, "a(st)", entries));
        }
    }

    private static String path(int major, int minor) {
        return "/dev/block/" + major + ":" + minor;
    }
}
