// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** A kind of namespace. Source: runtime-spec config-linux.md#namespaces, namespaces(7). */
public enum NamespaceType implements SpecWord {
    PID("pid"),
    NETWORK("network"),
    MOUNT("mount"),
    IPC("ipc"),
    UTS("uts"),
    USER("user"),
    CGROUP("cgroup"),
    /** Linux 5.6. */
    TIME("time");

    private final String specName;

    NamespaceType(String specName) {
        this.specName = specName;
    }

    @Override
    public String specName() {
        return specName;
    }
}
