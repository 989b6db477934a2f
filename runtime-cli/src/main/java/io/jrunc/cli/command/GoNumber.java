// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;

/**
 * Numbers as the options of Go programs have them. Source: Go's package strconv; RAMInBytes of
 * docker/go-units.
 */
final class GoNumber {
    private static final String UNITS = "kmgtp";
    private static final int UNIT_BITS = 10;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;
    private static final int BINARY = 2;

    private final String option;
    private final String text;

    private GoNumber(String option, String text) {
        this.option = option;
        this.text = text;
    }

    /** Returns a number with or without a sign, in base ten. */
    static long signed(String option, String text) {
        return new GoNumber(option, text).digits(text, DECIMAL);
    }

    /** Returns a number without a sign, in base ten. */
    static long unsigned(String option, String text) {
        GoNumber number = new GoNumber(option, text);
        if (text.startsWith("-") || text.startsWith("+")) {
            throw number.usage();
        }
        return number.digits(text, DECIMAL);
    }

    /** Returns a number in the base that its beginning says, with underscores between digits. */
    static long anyBase(String option, String text) {
        GoNumber number = new GoNumber(option, text);
        boolean hasSign = text.startsWith("-") || text.startsWith("+");
        String sign = hasSign ? text.substring(0, 1) : "";
        String rest = text.substring(sign.length());
        int base = number.base(rest);
        int prefix = base == DECIMAL ? 0 : rest.matches("0[0-7_].*") ? 1 : 2;
        String digits = rest.substring(prefix);
        if (digits.startsWith("_") && prefix > 0) {
            digits = digits.substring(1);
        }
        if (!digits.matches("[0-9a-fA-F]+(_[0-9a-fA-F]+)*")) {
            throw number.usage();
        }
        return number.digits(sign + digits.replace("_", ""), base);
    }

    private int base(String rest) {
        if (rest.length() < 2 || rest.charAt(0) != '0') {
            return DECIMAL;
        }
        return switch (rest.charAt(1)) {
            case 'x', 'X' -> HEXADECIMAL;
            case 'b', 'B' -> BINARY;
            default -> OCTAL;
        };
    }

    /**
     * Returns a number of bytes; -1 is no limit. Units are powers of 1024, and may stand after a
     * space: {@code 512m}, {@code 512MiB}, {@code 1.5 g}.
     */
    static long bytes(String option, String text) {
        GoNumber number = new GoNumber(option, text);
        if (text.equals("-1")) {
            return -1;
        }
        if (!text.matches("\\d+(\\.\\d+)? ?[kKmMgGtTpP]?[iI]?[bB]?")) {
            throw number.usage();
        }
        int end = 0;
        while (end < text.length()
                && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        String unit = text.substring(end).strip().toLowerCase(java.util.Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
        String digits = text.substring(0, end);
        if (digits.indexOf('.') < 0) {
            long whole = number.digits(digits, DECIMAL);
            if (whole > Long.MAX_VALUE >> UNIT_BITS * power) {
                throw number.usage();
            }
            return whole << UNIT_BITS * power;
        }
        double exact = Double.parseDouble(digits) * (1L << UNIT_BITS * power);
        if (exact >= Long.MAX_VALUE) {
            throw number.usage();
        }
        return (long) exact;
    }

    private long digits(String word, int base) {
        try {
            return Long.parseLong(word, base);
        } catch (NumberFormatException e) {
            throw usage();
        }
    }

    private Failure usage() {
        return Failure.of(
                Failure.Code.USAGE, option + ": \"" + text + "\" is no number for it; see --help");
    }
}
