// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.time.Duration;

/**
 * Durations as Go programs write them: numbers, each with a unit, as {@code 1h15m}, {@code 1.5s} or
 * {@code 500ms}. Source: Go's package time, ParseDuration.
 */
public final class GoDuration {
    private static final String[] UNITS = {"ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h"};
    private static final long[] NANOS = {
        1, 1000, 1000, 1000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L
    };

    private final String option;
    private final String text;
    private int at;

    private GoDuration(String option, String text) {
        this.option = option;
        this.text = text;
    }

    /**
     * Returns the duration that {@code text}, the value of {@code option}, means; it may be
     * negative.
     */
    public static Duration parse(String option, String text) {
        return new GoDuration(option, text).parse();
    }

    private Duration parse() {
        boolean negative = text.startsWith("-");
        at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        long nanos = 0;
        try {
            do {
                nanos = Math.addExact(nanos, part());
            } while (at < text.length());
        } catch (ArithmeticException e) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    option + ": \"" + text + "\" is too long; 2562047h is most");
        }
        return Duration.ofNanos(negative ? -nanos : nanos);
    }

    private long part() {
        int begin = at;
        long whole = 0;
        for (; isDigit(); at++) {
            whole = Math.addExact(Math.multiplyExact(whole, 10), digit());
        }
        int digits = at - begin;
        double fraction = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            double place = 1;
            for (at++; isDigit(); at++, digits++) {
                place /= 10;
                fraction += digit() * place;
            }
        }
        if (digits == 0) {
            throw malformed();
        }
        long unit = unit();
        return Math.addExact(Math.multiplyExact(whole, unit), (long) (fraction * unit));
    }

    private long unit() {
        int begin = at;
        while (at < text.length() && !isDigit() && text.charAt(at) != '.') {
            at++;
        }
        String unit = text.substring(begin, at);
        for (int i = 0; i < UNITS.length; i++) {
            if (unit.equals(UNITS[i])) {
                return NANOS[i];
            }
        }
        throw malformed();
    }

    private boolean isDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private int digit() {
        return text.charAt(at) - '0';
    }

    private Failure malformed() {
        return Failure.of(
                Failure.Code.USAGE,
                option
                        + ": \""
                        + text
                        + "\" is no duration; write numbers with units, as 500ms, 5s or 1m30s");
    }
}
