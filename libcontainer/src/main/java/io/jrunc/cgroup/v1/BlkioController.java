// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.BlockDevice;
import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.BlockIo.ThrottleDevice;
import io.jrunc.spec.BlockIo.WeightDevice;
import java.util.List;
import java.util.OptionalInt;

/** {@code linux.resources.blockIO} on v1. Source: kernel documentation, blkio-controller. */
final class BlkioController {
    private BlkioController() {}

    static void apply(CgroupDir dir, BlockIo io) {
        // Which file there is depends on the scheduler: BFQ, or CFQ of old kernels.
        String prefix = dir.has("blkio.bfq.weight") ? "blkio.bfq." : "blkio.";
        write(dir, prefix + "weight", io.weight());
        write(dir, "blkio.leaf_weight", io.leafWeight());
        for (WeightDevice device : io.weightDevice()) {
            weigh(dir, prefix + "weight_device", device, device.weight());
            weigh(dir, "blkio.leaf_weight_device", device, device.leafWeight());
        }
        throttle(dir, "read_bps", io.throttleReadBpsDevice());
        throttle(dir, "write_bps", io.throttleWriteBpsDevice());
        throttle(dir, "read_iops", io.throttleReadIopsDevice());
        throttle(dir, "write_iops", io.throttleWriteIopsDevice());
    }

    /** Zero is how engines write "not set". */
    private static void write(CgroupDir dir, String file, OptionalInt weight) {
        if (weight.orElse(0) != 0) {
            dir.write(file, Integer.toString(weight.getAsInt()));
        }
    }

    private static void weigh(CgroupDir dir, String file, WeightDevice device, OptionalInt weight) {
        if (weight.orElse(0) != 0) {
            String value = Integer.toString(weight.getAsInt());
            dir.write(file, BlockDevice.line(device.major(), device.minor(), value));
        }
    }

    private static void throttle(CgroupDir dir, String what, List<ThrottleDevice> devices) {
        for (ThrottleDevice device : devices) {
            String rate = Long.toUnsignedString(device.rate());
            dir.write(
                    "blkio.throttle." + what + "_device",
                    BlockDevice.line(device.major(), device.minor(), rate));
        }
    }
}
