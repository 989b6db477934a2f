// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two categories of an SELinux level: what keeps containers of one type apart. A process may use
 * files all of whose categories it has (multi-category security, mcs(8)).
 *
 * @param low from 0 on, below {@code high}
 * @param high below {@link #CATEGORIES}
 */
public record CategoryPair(int low, int high) {
    /** How many categories policies have: c0 to c1023. */
    public static final int CATEGORIES = 1024;

    /** How many pairs there are. */
    static final int PAIRS = CATEGORIES * (CATEGORIES - 1) / 2;

    private static final Pattern LEVEL = Pattern.compile(":s\\d+:c(\\d{1,4}),c(\\d{1,4})$");

    public CategoryPair {
        if (low < 0 || low >= high || high >= CATEGORIES) {
            throw new IllegalArgumentException("c" + low + ",c" + high);
        }
    }

    /**
     * Returns the pair that a context ends in; none if it has more, fewer, or a range of
     * categories.
     */
    static Optional<CategoryPair> of(String context) {
        Matcher matcher = LEVEL.matcher(context);
        if (!matcher.find()) {
            return Optional.empty();
        }
        int one = Integer.parseInt(matcher.group(1));
        int other = Integer.parseInt(matcher.group(2));
        boolean pair = one != other && Math.max(one, other) < CATEGORIES;
        return pair
                ? Optional.of(new CategoryPair(Math.min(one, other), Math.max(one, other)))
                : Optional.empty();
    }

    /**
     * Returns the pair of this number, from 0 to {@link #PAIRS} - 1: c0,c1 first, then c0,c2 and
     * c1,c2.
     */
    static CategoryPair numbered(int number) {
        int high = (int) ((1 + Math.sqrt(1 + 8.0 * number)) / 2);
        return new CategoryPair(number - high * (high - 1) / 2, high);
    }

    /** As it is written in a level: {@code c12,c345}. */
    @Override
    public String toString() {
        return "c" + low + ",c" + high;
    }
}
