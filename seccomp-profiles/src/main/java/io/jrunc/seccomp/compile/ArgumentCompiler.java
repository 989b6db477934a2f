// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.compile.Decision.Test;
import java.util.List;

/** Compiles what is asked of the arguments of one system call on one architecture. */
final class ArgumentCompiler {
    /** Where {@code args} begins in {@code struct seccomp_data}. */
    private static final int ARGUMENTS = 16;

    private static final int ARGUMENT_SIZE = 8;
    private static final int WORD_SIZE = 4;

    private final DecisionGraph graph;
    private final boolean wide;
    private final boolean littleEndian;

    ArgumentCompiler(Architecture architecture, DecisionGraph graph) {
        this.graph = graph;
        wide = architecture.hasWideArguments();
        littleEndian = architecture.isLittleEndian();
    }

    /**
     * Decides by the first of {@code alternatives} that applies, else returns {@code otherwise}.
     */
    Decision decide(List<Alternative> alternatives, Decision otherwise) {
        return areRangesOfOneArgument(alternatives)
                ? byRanges(alternatives, otherwise)
                : oneByOne(alternatives, otherwise);
    }

    private static boolean areRangesOfOneArgument(List<Alternative> alternatives) {
        int argument = alternatives.get(0).conditions().get(0).index();
        for (Alternative alternative : alternatives) {
            ArgCondition condition = alternative.conditions().get(0);
            if (alternative.conditions().size() > 1
                    || condition.index() != argument
                    || condition.op() == Operator.MASKED_EQ) {
                return false;
            }
        }
        return true;
    }

    private Decision byRanges(List<Alternative> alternatives, Decision otherwise) {
        long max = wide ? Intervals.MAX_LONG : Intervals.MAX_WORD;
        Intervals values = new Intervals(max, otherwise);
        // The first alternative last, to override the others.
        for (int i = alternatives.size() - 1; i >= 0; i--) {
            ArgCondition condition = alternatives.get(i).conditions().get(0);
            assign(values, max, condition, graph.returning(alternatives.get(i).value()));
        }
        int argument = alternatives.get(0).conditions().get(0).index();
        return wide
                ? values.treeOver(highWord(argument), lowWord(argument), graph)
                : values.treeOver(lowWord(argument), graph);
    }

    private static void assign(
            Intervals values, long max, ArgCondition condition, Decision decision) {
        long value = condition.value() & max;
        switch (condition.op()) {
            case EQ -> values.assign(value, value, decision);
            case NE -> {
                assignBelow(values, value, decision);
                assignAbove(values, value, max, decision);
            }
            case LT -> assignBelow(values, value, decision);
            case LE -> values.assign(0, value, decision);
            case GT -> assignAbove(values, value, max, decision);
            case GE -> values.assign(value, max, decision);
            case MASKED_EQ -> throw new AssertionError(condition);
        }
    }

    private static void assignBelow(Intervals values, long value, Decision decision) {
        if (value != 0) {
            values.assign(0, value - 1, decision);
        }
    }

    private static void assignAbove(Intervals values, long value, long max, Decision decision) {
        if (value != max) {
            values.assign(value + 1, max, decision);
        }
    }

    private Decision oneByOne(List<Alternative> alternatives, Decision otherwise) {
        Decision decision = otherwise;
        for (int i = alternatives.size() - 1; i >= 0; i--) {
            Decision next = decision;
            decision = graph.returning(alternatives.get(i).value());
            List<ArgCondition> conditions = alternatives.get(i).conditions();
            for (int j = conditions.size() - 1; j >= 0; j--) {
                decision = test(conditions.get(j), decision, next);
            }
        }
        return decision;
    }

    private Decision test(ArgCondition condition, Decision yes, Decision no) {
        return switch (condition.op()) {
            case EQ -> equal(condition, yes, no);
            case NE -> equal(condition, no, yes);
            case GT -> beyond(condition, Test.GREATER, yes, no);
            case GE -> beyond(condition, Test.AT_LEAST, yes, no);
            case LE -> beyond(condition, Test.GREATER, no, yes);
            case LT -> beyond(condition, Test.AT_LEAST, no, yes);
            case MASKED_EQ -> masked(condition, yes, no);
        };
    }

    private Decision equal(ArgCondition condition, Decision yes, Decision no) {
        int argument = condition.index();
        long value = condition.value();
        Decision low = graph.test(Test.EQUAL, lowWord(argument), (int) value, yes, no);
        return wide ? graph.test(Test.EQUAL, highWord(argument), high(value), low, no) : low;
    }

    private Decision masked(ArgCondition condition, Decision yes, Decision no) {
        int argument = condition.index();
        long mask = condition.value();
        long datum = condition.valueTwo();
        Decision low = graph.testMasked(lowWord(argument), (int) mask, (int) datum, yes, no);
        return wide ? graph.testMasked(highWord(argument), high(mask), high(datum), low, no) : low;
    }

    /** Returns whether the argument is greater than, or at least, the value. */
    private Decision beyond(ArgCondition condition, Test test, Decision yes, Decision no) {
        int argument = condition.index();
        long value = condition.value();
        Decision low = graph.test(test, lowWord(argument), (int) value, yes, no);
        if (!wide) {
            return low;
        }
        Decision same = graph.test(Test.EQUAL, highWord(argument), high(value), low, no);
        return graph.test(Test.GREATER, highWord(argument), high(value), yes, same);
    }

    private static int high(long value) {
        return (int) (value >>> 32);
    }

    private int lowWord(int argument) {
        return ARGUMENTS + ARGUMENT_SIZE * argument + (littleEndian ? 0 : WORD_SIZE);
    }

    private int highWord(int argument) {
        return ARGUMENTS + ARGUMENT_SIZE * argument + (littleEndian ? WORD_SIZE : 0);
    }
}
