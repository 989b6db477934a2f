package io.jrunc.spec;

/** {@code MPOL_*} modes, in the order of their numbers. Source: linux/mempolicy.h. */
public enum MemoryPolicyMode implements SpecWord {
    DEFAULT,
    PREFERRED,
    BIND,
    INTERLEAVE,
    LOCAL,
    /** Linux 5.15. */
    PREFERRED_MANY,
    /** Linux 6.9. */
    WEIGHTED_INTERLEAVE;

    @Override
    public String specName() {
        return "MPOL_" + name();
    }

    /** The number for set_mempolicy(2). */
    public int number() {
        return ordinal();
    }
}
