// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code SCHED_FLAG_*}. Source: sched_setattr(2), linux/sched.h. */
public enum SchedulerFlag implements SpecWord {
    RESET_ON_FORK(0x01),
    RECLAIM(0x02),
    DL_OVERRUN(0x04),
    KEEP_POLICY(0x08),
    KEEP_PARAMS(0x10),
    UTIL_CLAMP_MIN(0x20),
    UTIL_CLAMP_MAX(0x40);

    private final int bit;

    SchedulerFlag(int bit) {
        this.bit = bit;
    }

    @Override
    public String specName() {
        return "SCHED_FLAG_" + name();
    }

    /** Returns the bit of {@code sched_flags}. */
    public int bit() {
        return bit;
    }
}
