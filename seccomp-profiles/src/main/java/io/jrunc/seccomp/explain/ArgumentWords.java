// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.Decision.Test;
import java.util.Arrays;
import java.util.Locale;

/** How tests of 32-bit words are tests of arguments, on one architecture; some may be known. */
final class ArgumentWords {
    private static final int ARGUMENTS = 16;
    private static final int ARGUMENT_SIZE = 8;
    private static final int WORD_SIZE = 4;
    private static final int WORD_BITS = 32;
    private static final int SMALL = 1024;

    private static final int COUNT = 6;

    private final boolean wide;
    private final boolean littleEndian;
    private final long[] values;

    /** A bit for each argument that is known. */
    private final int known;

    /**
     * Knows the first arguments.
     *
     * @param arguments may be none
     */
    ArgumentWords(Architecture architecture, long... arguments) {
        this(
                architecture.hasWideArguments(),
                architecture.isLittleEndian(),
                Arrays.copyOf(arguments, COUNT),
                (1 << arguments.length) - 1);
    }

    private ArgumentWords(boolean wide, boolean littleEndian, long[] values, int known) {
        this.wide = wide;
        this.littleEndian = littleEndian;
        this.values = values;
        this.known = known;
    }

    /** The same, and one argument more is known. */
    ArgumentWords with(int argument, long value) {
        long[] more = values.clone();
        more[argument] = value;
        return new ArgumentWords(wide, littleEndian, more, known | 1 << argument);
    }

    /** Passes over tests whose answer is known. */
    Decision skipKnown(Decision decision) {
        Decision at = decision;
        while (!at.isFinal() && (known >> argument(at) & 1) != 0) {
            long value = values[argument(at)];
            at = at.holds((int) (isHigh(at) ? value >>> WORD_BITS : value)) ? at.yes : at.no;
        }
        return at;
    }

    static int argument(Decision test) {
        return (test.word - ARGUMENTS) / ARGUMENT_SIZE;
    }

    boolean isHigh(Decision test) {
        boolean second = (test.word - ARGUMENTS) % ARGUMENT_SIZE == WORD_SIZE;
        return second == littleEndian;
    }

    boolean isWide() {
        return wide;
    }

    /**
     * Returns the condition under which {@code test} goes on with {@code yes}, or with {@code no}.
     */
    String condition(Decision test, boolean yes) {
        String argument = "arg" + argument(test);
        if (test.test == Test.ANY_BIT) {
            return masked(argument, value(test, test.constant)) + (yes ? " != 0" : " == 0");
        }
        boolean whole = test.mask == Decision.ALL_BITS && !wide;
        String subject = whole ? argument : masked(argument, value(test, test.mask));
        return subject + operator(test.test, yes) + number(value(test, test.constant));
    }

    private static String operator(Test test, boolean yes) {
        return switch (test) {
            case EQUAL -> yes ? " == " : " != ";
            case GREATER -> yes ? " > " : " <= ";
            case AT_LEAST -> yes ? " >= " : " < ";
            default -> throw new IllegalStateException(test.name());
        };
    }

    private long value(Decision test, int constant) {
        long word = Integer.toUnsignedLong(constant);
        return isHigh(test) ? word << WORD_BITS : word;
    }

    private static String masked(String argument, long mask) {
        return "(" + argument + " & " + number(mask) + ")";
    }

    /** Small numbers are rather counts, families and commands, large ones rather flags. */
    static String number(long value) {
        return value >= 0 && value < SMALL
                ? Long.toString(value)
                : "0x" + Long.toHexString(value).toLowerCase(Locale.ROOT);
    }
}
