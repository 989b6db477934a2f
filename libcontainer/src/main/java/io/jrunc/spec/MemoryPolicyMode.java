// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code MPOL_*} modes. Source: linux/mempolicy.h. */
public enum MemoryPolicyMode implements SpecWord {
    DEFAULT(0),
    PREFERRED(1),
    BIND(2),
    INTERLEAVE(3),
    LOCAL(4),
    /** Linux 5.15. */
    PREFERRED_MANY(5),
    /** Linux 6.9. */
    WEIGHTED_INTERLEAVE(6);

    private final int number;

    MemoryPolicyMode(int number) {
        this.number = number;
    }

    @Override
    public String specName() {
        return "MPOL_" + name();
    }

    /** Returns the number for set_mempolicy(2). */
    public int number() {
        return number;
    }
}
