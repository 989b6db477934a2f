package io.jrunc.plan;

/** Which process does something. */
public enum Actor {
    /** The runtime, outside the container. */
    RUNTIME,
    /** The first child: joins and creates namespaces. */
    STAGE,
    /** The container's first process. */
    INIT;

    /** The name in traces. */
    public String word() {
        return this == RUNTIME ? "runtime" : this == STAGE ? "stage" : "init";
    }
}
