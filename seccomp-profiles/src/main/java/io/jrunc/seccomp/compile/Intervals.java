// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.compile.Decision.Test;
import java.util.Arrays;

/**
 * Decisions for all values of an unsigned number: a sorted list of intervals, each of which begins
 * where the one before it ends. Neighbours differ.
 */
public final class Intervals {
    /** The largest 32-bit number. */
    public static final long MAX_WORD = 0xffff_ffffL;

    /** The largest 64-bit number. */
    public static final long MAX_LONG = -1L;

    private final long max;
    private long[] starts = new long[16];
    private Decision[] decisions = new Decision[16];
    private int size;

    /** All values from 0 to {@code max} have the same decision. */
    Intervals(long max, Decision everywhere) {
        this.max = max;
        append(0, everywhere);
    }

    /**
     * Changes the decision for {@code first} to {@code last}, both included; nothing if empty.
     * Quick at the end: assign in ascending order where there is much to assign.
     */
    void assign(long first, long last, Decision decision) {
        if (Long.compareUnsigned(first, last) > 0) {
            return;
        }
        int begin = find(first);
        int end = find(last);
        int behind = size - end - 1;
        long[] startsBehind = behind == 0 ? starts : Arrays.copyOfRange(starts, end + 1, size);
        Decision[] decisionsBehind =
                behind == 0 ? decisions : Arrays.copyOfRange(decisions, end + 1, size);
        Decision after = decisions[end];

        size = starts[begin] == first ? begin : begin + 1;
        append(first, decision);
        if (last != max) {
            append(last + 1, after);
        }
        for (int i = 0; i < behind; i++) {
            append(startsBehind[i], decisionsBehind[i]);
        }
    }

    private void append(long start, Decision decision) {
        if (size > 0 && decisions[size - 1].equals(decision)) {
            return;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            decisions = Arrays.copyOf(decisions, 2 * size);
        }
        starts[size] = start;
        decisions[size] = decision;
        size++;
    }

    /** Returns the interval that holds {@code value}. */
    private int find(long value) {
        int low = 0;
        int high = size - 1;
        if (Long.compareUnsigned(starts[high], value) <= 0) {
            return high;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(starts[middle], value) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Returns a balanced tree over the word at an offset. */
    Decision treeOver(int word, DecisionGraph graph) {
        // What one test decides is a leaf: one or two intervals, or a single value amid others.
        long[] leafStarts = new long[size];
        Decision[] leaves = new Decision[size];
        int count = 0;
        for (int i = 0; i < size; count++) {
            leafStarts[count] = starts[i];
            if (i + 1 == size) {
                leaves[count] = decisions[i];
                i++;
            } else if (isSingleAmidOthers(i + 1)) {
                leaves[count] =
                        graph.test(
                                Test.EQUAL,
                                word,
                                (int) starts[i + 1],
                                decisions[i + 1],
                                decisions[i]);
                i += 3;
            } else {
                leaves[count] =
                        graph.test(
                                Test.AT_LEAST,
                                word,
                                (int) starts[i + 1],
                                decisions[i + 1],
                                decisions[i]);
                i += 2;
            }
        }
        return tree(word, graph, leafStarts, leaves, 0, count - 1);
    }

    private boolean isSingleAmidOthers(int i) {
        return i + 1 < size
                && starts[i] + 1 == starts[i + 1]
                && decisions[i - 1].equals(decisions[i + 1]);
    }

    private static Decision tree(
            int word, DecisionGraph graph, long[] starts, Decision[] leaves, int low, int high) {
        if (low == high) {
            return leaves[low];
        }
        int middle = (low + high + 1) >>> 1;
        return graph.test(
                Test.AT_LEAST,
                word,
                (int) starts[middle],
                tree(word, graph, starts, leaves, middle, high),
                tree(word, graph, starts, leaves, low, middle - 1));
    }

    /** For 64-bit numbers: first a tree over the high word, then over the low one. */
    Decision treeOver(int highWord, int lowWord, DecisionGraph graph) {
        Intervals highs = new Intervals(MAX_WORD, decisions[0]);
        // For the high word `mixed`, which does not decide alone.
        Intervals lows = new Intervals(MAX_WORD, decisions[0]);
        long mixed = 0;
        for (int i = 0; i < size; i++) {
            long last = i + 1 < size ? starts[i + 1] - 1 : max;
            long firstHigh = starts[i] >>> 32;
            long firstLow = starts[i] & MAX_WORD;
            long lastHigh = last >>> 32;
            long lastLow = last & MAX_WORD;
            highs.assign(firstHigh, lastHigh, decisions[i]);
            if (firstLow != 0) {
                lows.assign(firstLow, MAX_WORD, decisions[i]);
                if (firstHigh == lastHigh && lastLow != MAX_WORD) {
                    continue;
                }
                highs.assign(mixed, mixed, lows.treeOver(lowWord, graph));
            }
            if (lastLow != MAX_WORD) {
                mixed = lastHigh;
                lows = new Intervals(MAX_WORD, decisions[i]);
            }
        }
        return highs.treeOver(highWord, graph);
    }
}
