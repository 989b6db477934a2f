// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code process.scheduler}. Source: runtime-spec config.md#linux-process, sched_setattr(2).
 *
 * @param nice -20 to 19, for OTHER and BATCH; absent is 0
 * @param priority for FIFO and RR; absent is 0
 * @param runtimeNanos unsigned, for DEADLINE; absent is 0
 * @param deadlineNanos unsigned, for DEADLINE; absent is 0
 * @param periodNanos unsigned, for DEADLINE; absent is 0
 */
public record Scheduler(
        SchedulerPolicy policy,
        OptionalInt nice,
        OptionalInt priority,
        List<SchedulerFlag> flags,
        OptionalLong runtimeNanos,
        OptionalLong deadlineNanos,
        OptionalLong periodNanos) {
    public static final int NICE_MIN = -20;
    public static final int NICE_MAX = 19;

    public Scheduler {
        flags = List.copyOf(flags);
        Ranges.check("process.scheduler.nice", nice, NICE_MIN, NICE_MAX);
    }
}
