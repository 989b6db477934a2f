package io.jrunc.linux;

/** The resources that setrlimit(2) limits; the numbers are those of asm-generic/resource.h. */
public enum RlimitType {
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

    private static final String PREFIX = "RLIMIT_";

    private final int number;

    RlimitType(int number) {
        this.number = number;
    }

    /** The number for prlimit(2). */
    public int number() {
        return number;
    }

    /** The name in {@code config.json} and in the manual: {@code RLIMIT_NOFILE}. */
    public String constant() {
        return PREFIX + name();
    }
}
