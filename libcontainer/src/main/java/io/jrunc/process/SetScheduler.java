// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Scheduling;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Scheduler;
import io.jrunc.spec.SchedulerFlag;
import io.jrunc.spec.SchedulerPolicy;

/**
 * Sets how the kernel schedules the program: from outside, for this takes CAP_SYS_NICE in the first
 * user namespace, and in its cgroup, for on v1 that has the time to give. sched(7).
 */
record SetScheduler(Scheduler scheduler) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "schedule it by " + scheduler.policy().specName();
    }

    @Override
    public String field() {
        return "process.scheduler";
    }

    @Override
    public void apply(SetupContext context) {
        long flags = 0;
        for (SchedulerFlag flag : scheduler.flags()) {
            flags |= flag.bit();
        }
        SchedulerPolicy policy = scheduler.policy();
        Scheduling.Attributes attributes =
                new Scheduling.Attributes(
                        policy.number(),
                        flags,
                        scheduler.nice().orElse(0),
                        scheduler.priority().orElse(0),
                        scheduler.runtimeNanos().orElse(0),
                        scheduler.deadlineNanos().orElse(0),
                        scheduler.periodNanos().orElse(0));
        Call call =
                context.runtime()
                        .scheduling()
                        .setAttributes(context.initPid(), policy.specName(), attributes);
        hint(call, policy);
        call.submit();
    }

    private static void hint(Call call, SchedulerPolicy policy) {
        switch (policy) {
            case FIFO, RR ->
                    call.hint(
                            Errno.EPERM,
                            "this needs CAP_SYS_NICE, and on cgroup v1 a"
                                    + " linux.resources.cpu.realtimeRuntime above 0");
            case DEADLINE ->
                    call.hint(
                                    Errno.EPERM,
                                    "this needs CAP_SYS_NICE and every CPU: it cannot go together"
                                            + " with linux.resources.cpu.cpus")
                            .hint(Errno.EBUSY, "the CPUs do not have that much time left")
                            .hint(
                                    Errno.EINVAL,
                                    "the times must be between a microsecond and what"
                                            + " /proc/sys/kernel/sched_deadline_period_max_us"
                                            + " says");
            default ->
                    call.hint(Errno.EPERM, "a lower nice value needs CAP_SYS_NICE")
                            .hint(Errno.EACCES, "a lower nice value needs CAP_SYS_NICE")
                            .hint(Errno.EINVAL, "this kernel has no such policy or flag");
        }
    }
}
