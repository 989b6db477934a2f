// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Numbers as a person reads them. */
final class Amounts {
    static final String UNKNOWN = "-";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int UNIT = 1024;
    private static final int THREE_DIGITS = 100;

    private Amounts() {}

    /** Returns bytes with a unit and three digits: 1.50 MiB. */
    static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT - 0.5 && unit + 1 < UNITS.length) {
            value /= UNIT;
            unit++;
        }
        String format = unit == 0 || value >= THREE_DIGITS ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value) + " " + UNITS[unit];
    }

    static String bytes(OptionalLong bytes) {
        return bytes.isPresent() ? bytes((double) bytes.getAsLong()) : UNKNOWN;
    }

    static String rate(OptionalDouble bytes) {
        return bytes.isPresent() ? bytes(bytes.getAsDouble()) + "/s" : UNKNOWN;
    }

    static String percent(OptionalDouble percent) {
        return percent.isPresent()
                ? String.format(Locale.ROOT, "%.1f", percent.getAsDouble())
                : UNKNOWN;
    }

    static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
    }
}
