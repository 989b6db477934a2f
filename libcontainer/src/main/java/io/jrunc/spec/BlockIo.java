// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * {@code linux.resources.blockIO}. Source: runtime-spec config-linux.md#block-io.
 *
 * @param weight 10 to 1000 beside the other cgroups; absent or 0 leaves the file alone
 * @param leafWeight 10 to 1000 of the cgroup's own tasks beside its child cgroups, cgroup v1 only;
 *     absent or 0 leaves the file alone
 * @param weightDevice weights for single devices
 * @param throttleReadBpsDevice bytes per second
 * @param throttleWriteBpsDevice bytes per second
 * @param throttleReadIopsDevice operations per second
 * @param throttleWriteIopsDevice operations per second
 */
public record BlockIo(
        OptionalInt weight,
        OptionalInt leafWeight,
        List<WeightDevice> weightDevice,
        List<ThrottleDevice> throttleReadBpsDevice,
        List<ThrottleDevice> throttleWriteBpsDevice,
        List<ThrottleDevice> throttleReadIopsDevice,
        List<ThrottleDevice> throttleWriteIopsDevice) {
    public static final int WEIGHT_MAX = 1000;

    /** No limits. */
    public static final BlockIo NONE =
            new BlockIo(
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());

    public BlockIo {
        Ranges.check("linux.resources.blockIO.weight", weight, 0, WEIGHT_MAX);
        Ranges.check("linux.resources.blockIO.leafWeight", leafWeight, 0, WEIGHT_MAX);
        weightDevice = List.copyOf(weightDevice);
        throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
        throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
        throttleReadIopsDevice = List.copyOf(throttleReadIopsDevice);
        throttleWriteIopsDevice = List.copyOf(throttleWriteIopsDevice);
    }

    /** Returns whether it asks for anything; engines write a weight of 0 for "not set". */
    public boolean isSet() {
        return hasWeight() || leafWeight.orElse(0) != 0 || hasRates();
    }

    /** Returns whether it asks for a share, of all devices or of some. */
    public boolean hasWeight() {
        return weight.orElse(0) != 0 || !weightDevice.isEmpty();
    }

    /** Returns whether it limits the rates of devices. */
    public boolean hasRates() {
        return !throttleReadBpsDevice.isEmpty()
                || !throttleWriteBpsDevice.isEmpty()
                || !throttleReadIopsDevice.isEmpty()
                || !throttleWriteIopsDevice.isEmpty();
    }

    /** Returns these limits as they are once {@code wanted} is set; what it leaves out stays. */
    BlockIo changedBy(BlockIo wanted) {
        return new BlockIo(
                wanted.weight.orElse(0) == 0 ? weight : wanted.weight,
                wanted.leafWeight.orElse(0) == 0 ? leafWeight : wanted.leafWeight,
                Change.of(
                        weightDevice,
                        wanted.weightDevice,
                        device -> device.major() + ":" + device.minor()),
                rates(throttleReadBpsDevice, wanted.throttleReadBpsDevice),
                rates(throttleWriteBpsDevice, wanted.throttleWriteBpsDevice),
                rates(throttleReadIopsDevice, wanted.throttleReadIopsDevice),
                rates(throttleWriteIopsDevice, wanted.throttleWriteIopsDevice));
    }

    private static List<ThrottleDevice> rates(
            List<ThrottleDevice> now, List<ThrottleDevice> wanted) {
        return Change.of(now, wanted, device -> device.major() + ":" + device.minor());
    }

    /**
     * A weight for one block device.
     *
     * @param weight 10 to 1000; absent leaves the device's weight alone
     * @param leafWeight 10 to 1000; absent leaves the device's weight alone
     */
    public record WeightDevice(int major, int minor, OptionalInt weight, OptionalInt leafWeight) {
        public WeightDevice {
            Ranges.check("major", major, 0, Ranges.MAJOR_MAX);
            Ranges.check("minor", minor, 0, Ranges.MINOR_MAX);
            Ranges.check("weight", weight, 0, WEIGHT_MAX);
            Ranges.check("leafWeight", leafWeight, 0, WEIGHT_MAX);
        }
    }

    /**
     * A rate for one block device.
     *
     * @param rate unsigned, per second; 0 is no limit
     */
    public record ThrottleDevice(int major, int minor, long rate) {
        public ThrottleDevice {
            Ranges.check("major", major, 0, Ranges.MAJOR_MAX);
            Ranges.check("minor", minor, 0, Ranges.MINOR_MAX);
        }
    }
}
