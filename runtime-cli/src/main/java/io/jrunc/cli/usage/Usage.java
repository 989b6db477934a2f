// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cgroup.stats.PressureStats;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a container uses. Rates and shares are those since the measurement before; absent at the
 * first one, or if the kernel does not count it. All other numbers are since its cgroups were made.
 *
 * @param status a word of the state document
 * @param pressure for what it waits
 */
record Usage(
        String id,
        String status,
        Cpu cpu,
        Memory memory,
        Pids pids,
        Io io,
        PressureStats pressure) {

    /**
     * Time of processors.
     *
     * @param percent of one processor: 200 is two
     * @param throttledPercent of the quota's periods, those in which it was used up
     */
    public record Cpu(
            OptionalDouble percent, OptionalLong nanos, OptionalDouble throttledPercent) {}

    /**
     * Memory.
     *
     * @param bytes without what the kernel takes back first: inactive pages of files
     * @param limitBytes absent without a limit
     */
    public record Memory(OptionalLong bytes, OptionalLong limitBytes, OptionalLong oomKills) {
        /** Returns the share of the limit that is used. */
        OptionalDouble percent() {
            return bytes.isPresent() && limitBytes.isPresent() && limitBytes.getAsLong() > 0
                    ? OptionalDouble.of(100.0 * bytes.getAsLong() / limitBytes.getAsLong())
                    : OptionalDouble.empty();
        }
    }

    /** Processes and threads. */
    public record Pids(OptionalLong current, OptionalLong limit) {}

    /**
     * Transfers from and to disks.
     *
     * @param readRate bytes per second
     * @param writeRate bytes per second
     */
    public record Io(
            long readBytes, long writtenBytes, OptionalDouble readRate, OptionalDouble writeRate) {}

    /** Returns the percentage of the last ten seconds in which a process has waited. */
    static OptionalDouble waited(Optional<PressureStats.Pressure> pressure) {
        return pressure.isPresent()
                ? OptionalDouble.of(pressure.get().some().avg10())
                : OptionalDouble.empty();
    }
}
