// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code PER_*}. Source: runtime-spec config-linux.md#personality, linux/personality.h. */
public enum PersonalityDomain implements SpecWord {
    LINUX(0x0),
    /** uname(2) names a 32-bit machine. */
    LINUX32(0x8);

    private final int number;

    PersonalityDomain(int number) {
        this.number = number;
    }

    @Override
    public String specName() {
        return name();
    }

    /** Returns the number for personality(2). */
    public int number() {
        return number;
    }
}
