// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.SyscallRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What the filter returns for a system call when some conditions on its arguments all hold.
 *
 * @param value a {@code SECCOMP_RET_*} value
 * @param conditions by ascending argument, at most one per argument; none: always
 */
public record Alternative(int value, List<ArgCondition> conditions) {
    /**
     * Returns the alternatives of a rule. Conditions on different arguments are one alternative; if
     * two are on the same argument, each condition is an alternative of its own, as in runc.
     */
    public static List<Alternative> of(SyscallRule rule, int value) {
        List<Alternative> alternatives = new ArrayList<>();
        if (!hasRepeatedArgument(rule.args())) {
            alternatives.add(new Alternative(value, sorted(rule.args())));
            return alternatives;
        }
        for (ArgCondition condition : rule.args()) {
            alternatives.add(new Alternative(value, List.of(condition)));
        }
        return alternatives;
    }

    private static boolean hasRepeatedArgument(List<ArgCondition> conditions) {
        int seen = 0;
        for (ArgCondition condition : conditions) {
            int bit = 1 << condition.index();
            if ((seen & bit) != 0) {
                return true;
            }
            seen |= bit;
        }
        return false;
    }

    private static List<ArgCondition> sorted(List<ArgCondition> conditions) {
        if (conditions.size() < 2) {
            return conditions;
        }
        List<ArgCondition> sorted = new ArrayList<>();
        for (ArgCondition condition : conditions) {
            int i = sorted.size();
            while (i > 0 && sorted.get(i - 1).index() > condition.index()) {
                i--;
            }
            sorted.add(i, condition);
        }
        return sorted;
    }

    /**
     * Returns the alternative for a call that is reached through a multiplexer: the first argument
     * says which call is meant, so what the rule asks of the first argument cannot be asked. As
     * libseccomp, the other conditions stay.
     */
    public Alternative multiplexed(int subCall) {
        List<ArgCondition> changed = new ArrayList<>();
        changed.add(new ArgCondition(0, subCall, 0, Operator.EQ));
        for (ArgCondition condition : conditions) {
            if (condition.index() != 0) {
                changed.add(condition);
            }
        }
        return new Alternative(value, changed);
    }

    /** Returns whether all conditions hold for all arguments of the architecture. */
    boolean isUnconditional(Architecture architecture) {
        return conditions.isEmpty() || simplified(architecture).conditions.isEmpty();
    }

    /** Without conditions that hold for all arguments of the architecture. */
    public Alternative simplified(Architecture architecture) {
        long bits = architecture.hasWideArguments() ? -1L : Intervals.MAX_WORD;
        List<ArgCondition> needed = new ArrayList<>();
        for (ArgCondition condition : conditions) {
            if (condition.op() != Operator.MASKED_EQ || (condition.value() & bits) != 0) {
                needed.add(condition);
            }
        }
        return needed.size() == conditions.size() ? this : new Alternative(value, needed);
    }
}
