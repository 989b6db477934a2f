// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.BlockDevice;
import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.BlockIo.ThrottleDevice;
import io.jrunc.spec.BlockIo.WeightDevice;
import java.util.List;
import java.util.Set;

/** {@code linux.resources.blockIO} on v2, which knows no leaf weights. */
final class IoController {
    private static final String BFQ = "io.bfq.weight";
    private static final String WEIGHT = "io.weight";
    private static final int LEAST = 10;
    private static final int RANGE = 990;
    private static final int V2_RANGE = 9999;

    private IoController() {}

    static void apply(CgroupDir dir, BlockIo io) {
        if (io.hasWeight()) {
            weights(dir, io, io.weight().orElse(0));
        }
        throttle(dir, "rbps", io.throttleReadBpsDevice());
        throttle(dir, "wbps", io.throttleWriteBpsDevice());
        throttle(dir, "riops", io.throttleReadIopsDevice());
        throttle(dir, "wiops", io.throttleWriteIopsDevice());
    }

    /** Adds the files that hold the limits of {@code io}. */
    static void files(Set<String> files, BlockIo io) {
        if (io.hasWeight()) {
            files.addAll(List.of(WEIGHT, BFQ));
        }
        if (io.hasRates()) {
            files.add("io.max");
        }
    }

    /** The BFQ scheduler takes weights as they are; per device since Linux 5.4. */
    private static void weights(CgroupDir dir, BlockIo io, int weight) {
        boolean bfq = dir.has(BFQ);
        boolean bfqDevices = bfq && dir.read(BFQ).startsWith("default");
        if (weight != 0) {
            dir.write(bfq ? BFQ : WEIGHT, Integer.toString(bfq ? weight : converted(weight)));
        }
        for (WeightDevice device : io.weightDevice()) {
            int own = device.weight().orElse(0);
            if (own != 0) {
                String value = Integer.toString(bfqDevices ? own : converted(own));
                String line = BlockDevice.line(device.major(), device.minor(), value);
                dir.write(bfqDevices ? BFQ : WEIGHT, line);
            }
        }
    }

    /** From 10…1000 to 1…10000. */
    static int converted(int weight) {
        return 1 + (weight - LEAST) * V2_RANGE / RANGE;
    }

    private static void throttle(CgroupDir dir, String what, List<ThrottleDevice> devices) {
        for (ThrottleDevice device : devices) {
            String rate = device.rate() == 0 ? "max" : Long.toUnsignedString(device.rate());
            String value = what + "=" + rate;
            dir.write("io.max", BlockDevice.line(device.major(), device.minor(), value));
        }
    }
}
