// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.recording;

import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Operator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of which one argument, a constant in the program, says which of many doors of the
 * kernel is meant. Of these a recording keeps the values that it saw; of all others only that they
 * were made. An argument of 32 bits is compared as such: what the upper half of a register holds is
 * left open by the calling convention, and musl extends the sign of requests of ioctl(2).
 *
 * @param index which argument
 * @param mask what of it counts
 */
record Selector(String call, int index, long mask) {
    private static final long WORD = 0xffff_ffffL;

    /** {@code CLONE_NEW*}: the rest are ways to share, and a signal. sched.h. */
    private static final long NEW_NAMESPACES = 0x7e02_0000L;

    private static final Map<String, Selector> ALL = new HashMap<>();

    static {
        add("arch_prctl", 0, WORD);
        add("bpf", 0, WORD);
        add("clone", 0, NEW_NAMESPACES);
        add("ioctl", 1, WORD);
        add("keyctl", 0, WORD);
        add("personality", 0, WORD);
        add("prctl", 0, WORD);
        add("ptrace", 0, WORD);
        add("socket", 0, WORD);
        add("socketpair", 0, WORD);
        add("syslog", 0, WORD);
        add("unshare", 0, WORD);
    }

    private static void add(String call, int index, long mask) {
        ALL.put(call, new Selector(call, index, mask));
    }

    /** That of a call; empty if its arguments are not looked at. */
    static Optional<Selector> of(String call) {
        return Optional.ofNullable(ALL.get(call));
    }

    /** What counts of the argument of {@code call}, whose arguments are known. */
    long value(ObservedCall call) {
        return call.arguments().get(index) & mask;
    }

    /** Holds for {@code value} alone. */
    ArgCondition condition(long value) {
        return new ArgCondition(index, mask, value, Operator.MASKED_EQ);
    }

    /** Returns whether {@code condition} is one that {@link #condition} makes. */
    boolean made(ArgCondition condition) {
        return condition.equals(condition(condition.valueTwo()));
    }
}
