// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code RLIMIT_*}. Source: setrlimit(2), asm-generic/resource.h. */
public enum RlimitType implements SpecWord {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    private final int number;

    RlimitType(int number) {
        this.number = number;
    }

    @Override
    public String specName() {
        return "RLIMIT_" + name();
    }

    /** Returns the number for prlimit(2). */
    public int number() {
        return number;
    }
}
