// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code linux.rootfsPropagation}. Source: runtime-spec config-linux.md, mount_namespaces(7). */
public enum RootfsPropagation implements SpecWord {
    SHARED("shared"),
    RSHARED("rshared"),
    SLAVE("slave"),
    RSLAVE("rslave"),
    PRIVATE("private"),
    RPRIVATE("rprivate"),
    UNBINDABLE("unbindable"),
    RUNBINDABLE("runbindable");

    private final String specName;

    RootfsPropagation(String specName) {
        this.specName = specName;
    }

    @Override
    public String specName() {
        return specName;
    }
}
