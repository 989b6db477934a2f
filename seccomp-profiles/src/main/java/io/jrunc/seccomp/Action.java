package io.jrunc.seccomp;

/** What the filter decides. Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
public enum Action {
    /** The name that the specification keeps for {@link #KILL_THREAD}. */
    KILL,
    KILL_PROCESS,
    KILL_THREAD,
    TRAP,
    ERRNO,
    TRACE,
    ALLOW,
    LOG,
    NOTIFY;

    private static final String PREFIX = "SCMP_ACT_";

    /** The name in {@code config.json}: {@code SCMP_ACT_ERRNO}. */
    public String specName() {
        return PREFIX + name();
    }
}
