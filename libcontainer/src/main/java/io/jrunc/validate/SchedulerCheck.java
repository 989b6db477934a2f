// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Scheduler;
import io.jrunc.spec.SchedulerPolicy;
import java.util.List;

/** {@code process.scheduler}. Source: runtime-spec config.md#linux-process, sched_setattr(2). */
final class SchedulerCheck {
    private SchedulerCheck() {}

    static void check(ProcessSpec process, List<String> warnings) {
        if (process.scheduler().isPresent()) {
            check(process.scheduler().get());
            nice(process.scheduler().get(), warnings);
        }
    }

    /** As in runc, a nice value that the policy makes no use of is no error. */
    private static void nice(Scheduler scheduler, List<String> warnings) {
        SchedulerPolicy policy = scheduler.policy();
        boolean used = policy == SchedulerPolicy.OTHER || policy == SchedulerPolicy.BATCH;
        int nice = scheduler.nice().orElse(0);
        if (nice != 0 && !used) {
            warnings.add(
                    "process.scheduler.nice: "
                            + nice
                            + " means nothing to "
                            + policy.specName()
                            + ", ignoring");
        }
    }

    private static void check(Scheduler scheduler) {
        SchedulerPolicy policy = scheduler.policy();
        boolean realTime = policy == SchedulerPolicy.FIFO || policy == SchedulerPolicy.RR;
        int priority = scheduler.priority().orElse(0);
        if (priority != 0 && !realTime) {
            throw Failure.invalid(
                    "process.scheduler.priority",
                    priority + " means nothing to " + policy.specName(),
                    "remove it, or choose SCHED_FIFO or SCHED_RR");
        }
        if (realTime && (priority < 1 || priority > 99)) {
            throw Failure.invalid(
                    "process.scheduler.priority",
                    priority + " is out of range for " + policy.specName(),
                    "write a number from 1 to 99");
        }
        deadline(scheduler);
    }

    private static void deadline(Scheduler scheduler) {
        long runtime = scheduler.runtimeNanos().orElse(0);
        long deadline = scheduler.deadlineNanos().orElse(0);
        long period = scheduler.periodNanos().orElse(0);
        if (scheduler.policy() != SchedulerPolicy.DEADLINE) {
            if (runtime != 0 || deadline != 0 || period != 0) {
                throw Failure.invalid(
                        "process.scheduler",
                        "runtime, deadline and period mean nothing to "
                                + scheduler.policy().specName(),
                        "remove them, or choose SCHED_DEADLINE");
            }
            return;
        }
        // A period of 0 is the deadline; see sched(7).
        boolean ordered =
                runtime != 0
                        && Long.compareUnsigned(runtime, deadline) <= 0
                        && (period == 0 || Long.compareUnsigned(deadline, period) <= 0);
        if (!ordered) {
            throw Failure.invalid(
                    "process.scheduler",
                    "SCHED_DEADLINE needs 0 < runtime <= deadline <= period",
                    "write all three in nanoseconds");
        }
    }
}
