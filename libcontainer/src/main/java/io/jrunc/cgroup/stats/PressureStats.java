// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.Optional;

/**
 * How long processes wait for what they need. Absent: the kernel does not count it, or {@code
 * cgroup.pressure} is off. Source: kernel documentation, accounting/psi.
 */
public record PressureStats(
        Optional<Pressure> cpu, Optional<Pressure> memory, Optional<Pressure> io) {
    /** Nothing is counted. */
    public static final PressureStats NONE =
            new PressureStats(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Waiting for one resource.
     *
     * @param some while at least one process waits
     * @param full while all wait
     */
    public record Pressure(Share some, Share full) {}

    /**
     * A share of time.
     *
     * @param avg10 percent of the last ten seconds
     * @param avg60 percent of the last minute
     * @param avg300 percent of the last five minutes
     * @param totalMicros since the cgroup was made
     */
    public record Share(double avg10, double avg60, double avg300, long totalMicros) {
        /** No waiting. */
        public static final Share NONE = new Share(0, 0, 0, 0);
    }
}
