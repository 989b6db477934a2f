package io.jrunc.spec;

/**
 * {@code RLIMIT_*}, in the order of their numbers. Source: setrlimit(2), asm-generic/resource.h.
 */
public enum RlimitType implements SpecWord {
    CPU,
    FSIZE,
    DATA,
    STACK,
    CORE,
    RSS,
    NPROC,
    NOFILE,
    MEMLOCK,
    AS,
    LOCKS,
    SIGPENDING,
    MSGQUEUE,
    NICE,
    RTPRIO,
    RTTIME;

    @Override
    public String specName() {
        return "RLIMIT_" + name();
    }

    /** The number for prlimit(2). */
    public int number() {
        return ordinal();
    }
}
