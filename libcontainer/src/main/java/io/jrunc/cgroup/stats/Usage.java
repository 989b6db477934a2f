// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.OptionalLong;

/**
 * The few numbers that say how much a container has used, and which limit it has met. Absent is
 * what no controller counts.
 *
 * @param peakMemoryBytes the most memory that it had at once
 * @param cpuNanos time that its processes ran
 * @param oomKills how many of its processes were killed because memory ran out
 * @param refusedTasks how many processes and threads it could not start because of its limit
 */
public record Usage(
        OptionalLong peakMemoryBytes, OptionalLong cpuNanos, long oomKills, long refusedTasks) {}
