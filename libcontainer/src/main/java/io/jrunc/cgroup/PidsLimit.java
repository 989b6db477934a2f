package io.jrunc.cgroup;

/** How {@code linux.resources.pids.limit} is written to {@code pids.max}. */
final class PidsLimit {
    private PidsLimit() {}

    /** -1 is no limit; 0 would keep out even the container's first process, so it is 1. */
    static String word(long limit) {
        return limit == -1 ? "max" : Long.toString(Math.max(limit, 1));
    }
}
