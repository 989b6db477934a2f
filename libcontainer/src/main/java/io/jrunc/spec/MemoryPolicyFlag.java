// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code MPOL_F_*} mode flags. Source: set_mempolicy(2), linux/mempolicy.h. */
public enum MemoryPolicyFlag implements SpecWord {
    /** Linux 5.12. */
    NUMA_BALANCING(1 << 13),
    RELATIVE_NODES(1 << 14),
    STATIC_NODES(1 << 15);

    private final int bit;

    MemoryPolicyFlag(int bit) {
        this.bit = bit;
    }

    @Override
    public String specName() {
        return "MPOL_F_" + name();
    }

    /** Returns the bit that is or-ed to the mode. */
    public int bit() {
        return bit;
    }
}
