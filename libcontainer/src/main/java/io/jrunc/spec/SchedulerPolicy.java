// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code SCHED_*} policies. Source: sched(7), linux/sched.h. */
public enum SchedulerPolicy implements SpecWord {
    OTHER(0),
    FIFO(1),
    RR(2),
    BATCH(3),
    /** Reserved by the kernel, which answers EINVAL. */
    ISO(4),
    IDLE(5),
    DEADLINE(6);

    private final int number;

    SchedulerPolicy(int number) {
        this.number = number;
    }

    @Override
    public String specName() {
        return "SCHED_" + name();
    }

    /** Returns the number for sched_setattr(2). */
    public int number() {
        return number;
    }
}
