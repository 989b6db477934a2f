// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/** What the filter decides. Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
public enum Action {
    /** The name that the specification keeps for {@link #KILL_THREAD}. */
    KILL(0x0000_0000),
    KILL_PROCESS(0x8000_0000),
    KILL_THREAD(0x0000_0000),
    TRAP(0x0003_0000),
    ERRNO(0x0005_0000),
    TRACE(0x7ff0_0000),
    ALLOW(0x7fff_0000),
    LOG(0x7ffc_0000),
    NOTIFY(0x7fc0_0000);

    private static final String PREFIX = "SCMP_ACT_";

    private final int bits;

    Action(int bits) {
        this.bits = bits;
    }

    /** Returns the name in {@code config.json}: {@code SCMP_ACT_ERRNO}. */
    public String specName() {
        return PREFIX + name();
    }

    /**
     * Returns whether {@code errnoRet} means something: the error, or the message to the tracer.
     */
    public boolean takesErrno() {
        return this == ERRNO || this == TRACE;
    }

    /**
     * Returns whether the call is made; a tracer is trusted to cope with calls that it does not
     * know.
     */
    public boolean allows() {
        return this == ALLOW || this == LOG || this == TRACE;
    }

    /**
     * Returns the {@code SECCOMP_RET_*} value; {@code errno} counts only where it means something.
     */
    public int returnValue(int errno) {
        return takesErrno() ? bits | (errno & 0xffff) : bits;
    }
}
