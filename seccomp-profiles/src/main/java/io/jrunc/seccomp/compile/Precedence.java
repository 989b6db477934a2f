// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Operator;
import java.util.List;

/**
 * Which of two alternatives for a call decides where both apply; it matters only if they decide
 * differently. As in libseccomp, the order in the profile does not count but for a tie: equality
 * goes before ranges, and of two values or bounds the narrower one goes first.
 */
public final class Precedence {
    private final boolean wide;

    public Precedence(Architecture architecture) {
        wide = architecture.hasWideArguments();
    }

    /** Puts an alternative in its place in a sorted list, behind its equals. */
    public void insert(List<Alternative> sorted, Alternative added) {
        int i = 0;
        while (i < sorted.size() && compare(added, sorted.get(i)) >= 0) {
            i++;
        }
        sorted.add(i, added);
    }

    /** Negative if {@code a} goes first. */
    private int compare(Alternative a, Alternative b) {
        int common = Math.min(a.conditions().size(), b.conditions().size());
        for (int i = 0; i < common; i++) {
            int order = compare(a.conditions().get(i), b.conditions().get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.conditions().size(), b.conditions().size());
    }

    private int compare(ArgCondition a, ArgCondition b) {
        if (a.index() != b.index()) {
            return Integer.compare(b.index(), a.index());
        }
        if (rank(a.op()) != rank(b.op())) {
            return Integer.compare(rank(a.op()), rank(b.op()));
        }
        int order = Long.compareUnsigned(datum(b), datum(a));
        return a.op() == Operator.LT || a.op() == Operator.LE ? -order : order;
    }

    private static int rank(Operator operator) {
        return switch (operator) {
            case EQ, NE, MASKED_EQ -> 0;
            case LT, LE -> 1;
            case GT, GE -> 2;
        };
    }

    private long datum(ArgCondition condition) {
        long datum =
                condition.op() == Operator.MASKED_EQ
                        ? condition.valueTwo() & condition.value()
                        : condition.value();
        return wide ? datum : datum & Intervals.MAX_WORD;
    }
}
