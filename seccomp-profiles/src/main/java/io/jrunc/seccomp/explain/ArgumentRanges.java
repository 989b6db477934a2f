// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.Decision.Test;
import io.jrunc.seccomp.compile.Intervals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Successive tests of both words of one argument, put together again as ranges of its value. Each
 * leads to what does not compare that argument as a whole.
 */
final class ArgumentRanges {
    private static final int WORD_BITS = 32;

    /** Values that lead to the same, both ends included; unsigned. */
    private record Range(long first, long last, Decision next) {}

    private final ArgumentWords words;
    private final int argument;
    private final long max;
    private final List<Range> ranges = new ArrayList<>();

    private ArgumentRanges(Decision root, ArgumentWords words) {
        this.words = words;
        argument = ArgumentWords.argument(root);
        max = words.isWide() ? Intervals.MAX_LONG : Intervals.MAX_WORD;
        long maxHigh = words.isWide() ? Intervals.MAX_WORD : 0;
        walk(root, new Box(0, maxHigh, 0, Intervals.MAX_WORD));
        join();
    }

    /** Reads ranges from {@code root} on, which compares an argument. */
    static ArgumentRanges of(Decision root, ArgumentWords words) {
        return new ArgumentRanges(root, words);
    }

    /**
     * Returns whether a decision compares a whole word, so that ranges can be read from there on.
     */
    static boolean isComparison(Decision decision) {
        return decision.mask == Decision.ALL_BITS
                && (decision.test == Test.EQUAL
                        || decision.test == Test.GREATER
                        || decision.test == Test.AT_LEAST);
    }

    /** Returns what most values lead to. */
    Decision otherwise() {
        Map<Decision, Double> sizes = new LinkedHashMap<>();
        for (Range range : ranges) {
            sizes.merge(range.next, size(range), Double::sum);
        }
        Decision largest = ranges.get(0).next;
        double size = 0;
        for (Map.Entry<Decision, Double> entry : sizes.entrySet()) {
            if (entry.getValue() > size) {
                largest = entry.getKey();
                size = entry.getValue();
            }
        }
        return largest;
    }

    /** Neighbours that lead to the same become one. */
    private void join() {
        for (int i = ranges.size() - 1; i > 0; i--) {
            Range before = ranges.get(i - 1);
            if (before.next.equals(ranges.get(i).next)) {
                ranges.set(i - 1, new Range(before.first, ranges.get(i).last, before.next));
                ranges.remove(i);
            }
        }
    }

    /** Returns whether nothing was found out. */
    boolean isOne() {
        return ranges.size() == 1;
    }

    private static double size(Range range) {
        return unsigned(range.last) - unsigned(range.first) + 1;
    }

    private static double unsigned(long value) {
        double low = value & Long.MAX_VALUE;
        return value < 0 ? low + 0x1p63 : low;
    }

    /**
     * Some values, and what they lead to.
     *
     * @param words knows the value, if it is one
     */
    record Branch(String condition, Decision next, ArgumentWords words) {}

    /** Returns what the other values lead to. */
    List<Branch> branches() {
        Decision otherwise = otherwise();
        Map<Decision, List<Range>> groups = new LinkedHashMap<>();
        for (Range range : ranges) {
            if (!range.next.equals(otherwise)) {
                groups.computeIfAbsent(range.next, d -> new ArrayList<>()).add(range);
            }
        }
        List<Branch> branches = new ArrayList<>();
        groups.forEach(
                (next, list) -> branches.add(new Branch(condition(list), next, knowing(list))));
        return branches;
    }

    private ArgumentWords knowing(List<Range> list) {
        Range only = list.get(0);
        return list.size() == 1 && only.first == only.last
                ? words.with(argument, only.first)
                : words;
    }

    private String condition(List<Range> list) {
        Range first = list.get(0);
        String name = "arg" + argument;
        if (list.size() == 1 && first.first == first.last) {
            return name + " == " + ArgumentWords.number(first.first);
        }
        if (list.size() == 1 && first.last == max) {
            return name + " >= " + ArgumentWords.number(first.first);
        }
        if (list.size() == 1 && first.first == 0) {
            return name + " <= " + ArgumentWords.number(first.last);
        }
        List<String> parts = new ArrayList<>();
        for (Range range : list) {
            String begin = ArgumentWords.number(range.first);
            parts.add(
                    range.first == range.last
                            ? begin
                            : begin + ".." + ArgumentWords.number(range.last));
        }
        return name + " in " + String.join(", ", parts);
    }

    private void walk(Decision decision, Box box) {
        if (box.isEmpty()) {
            return;
        }
        Decision at = words.skipKnown(decision);
        if (at.isFinal()
                || !isComparison(at)
                || ArgumentWords.argument(at) != argument
                || !(words.isHigh(at) || box.hasOneHighWord())) {
            ranges.add(new Range(box.first(), box.last(), at));
            return;
        }
        boolean high = words.isHigh(at);
        long constant = Integer.toUnsignedLong(at.constant);
        if (at.test == Test.EQUAL) {
            walk(at.no, box.below(high, constant));
            walk(at.yes, box.below(high, constant + 1).from(high, constant));
            walk(at.no, box.from(high, constant + 1));
        } else {
            long border = at.test == Test.GREATER ? constant + 1 : constant;
            walk(at.no, box.below(high, border));
            walk(at.yes, box.from(high, border));
        }
    }

    /**
     * The values whose two words are in two ranges; all low words, unless the high one is given.
     */
    private record Box(long firstHigh, long lastHigh, long firstLow, long lastLow) {
        boolean isEmpty() {
            return firstHigh > lastHigh || firstLow > lastLow;
        }

        boolean hasOneHighWord() {
            return firstHigh == lastHigh;
        }

        long first() {
            return firstHigh << WORD_BITS | firstLow;
        }

        long last() {
            return lastHigh << WORD_BITS | lastLow;
        }

        /** Returns the part below the border. */
        Box below(boolean high, long border) {
            return high
                    ? new Box(firstHigh, Math.min(lastHigh, border - 1), firstLow, lastLow)
                    : new Box(firstHigh, lastHigh, firstLow, Math.min(lastLow, border - 1));
        }

        /** Returns the part from the border on. */
        Box from(boolean high, long border) {
            return high
                    ? new Box(Math.max(firstHigh, border), lastHigh, firstLow, lastLow)
                    : new Box(firstHigh, lastHigh, Math.max(firstLow, border), lastLow);
        }
    }
}
