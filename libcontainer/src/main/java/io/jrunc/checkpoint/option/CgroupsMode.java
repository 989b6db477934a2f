// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint.option;

import java.util.Locale;
import java.util.Optional;

/** How criu treats cgroups and their properties. Source: criu(8), --manage-cgroups. */
public enum CgroupsMode {
    IGNORE(0),
    SOFT(3),
    FULL(4),
    STRICT(5),
    /** What criu does by default: as {@link #SOFT}. */
    DEFAULT(6);

    private final int value;

    CgroupsMode(int value) {
        this.value = value;
    }

    /** Returns its number in the options of a request. */
    public int value() {
        return value;
    }

    /** Returns the mode that the caller calls {@code word}; empty: there is none. */
    public static Optional<CgroupsMode> of(String word) {
        for (CgroupsMode mode : values()) {
            if (mode != DEFAULT && mode.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(mode);
            }
        }
        return word.isEmpty() ? Optional.of(DEFAULT) : Optional.empty();
    }
}
