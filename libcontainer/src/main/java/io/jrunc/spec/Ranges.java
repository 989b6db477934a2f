// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.linux.Failure;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Refuses numbers that mean nothing in themselves. */
public final class Ranges {
    /** The greatest {@code uint32}. */
    public static final long UINT32_MAX = 0xffff_ffffL;

    /** The greatest major number of a {@code dev_t}: 12 bits. */
    public static final int MAJOR_MAX = 0xfff;

    /** The greatest minor number of a {@code dev_t}: 20 bits. */
    public static final int MINOR_MAX = 0xf_ffff;

    private Ranges() {}

    /** Returns whether it is there and not 0, which is how engines write "not set". */
    static boolean isSet(OptionalLong number) {
        return number.orElse(0) != 0;
    }

    static void check(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw outside(field, Long.toString(value), Long.toString(min), Long.toString(max));
        }
    }

    static void check(String field, OptionalLong value, long min, long max) {
        if (value.isPresent()) {
            check(field, value.getAsLong(), min, max);
        }
    }

    static void check(String field, OptionalInt value, long min, long max) {
        if (value.isPresent()) {
            check(field, value.getAsInt(), min, max);
        }
    }

    public static Failure outside(String field, String value, String min, String max) {
        return Failure.invalid(
                field, value + " is out of range", "write a number from " + min + " to " + max);
    }
}
