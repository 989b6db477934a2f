// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/** How an argument is compared. Source: runtime-spec config-linux.md#seccomp. */
public enum Operator {
    NE,
    LT,
    LE,
    EQ,
    GE,
    GT,
    /** {@code (argument & value) == valueTwo}. */
    MASKED_EQ;

    private static final String PREFIX = "SCMP_CMP_";

    /** Returns the name in {@code config.json}: {@code SCMP_CMP_EQ}. */
    public String specName() {
        return PREFIX + name();
    }
}
