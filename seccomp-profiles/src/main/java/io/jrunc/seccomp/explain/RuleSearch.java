// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Multiplexer;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.Alternative;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.compile.Intervals;
import io.jrunc.seccomp.compile.Precedence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Finds the rules of a profile that decide about a call, on one architecture. */
final class RuleSearch {
    private final Seccomp profile;
    private final Architecture architecture;
    private final long[] known;
    private final long bits;
    private final int defaultValue;

    /** The first arguments are known. */
    RuleSearch(Seccomp profile, Architecture architecture, long... known) {
        this.profile = profile;
        this.architecture = architecture;
        this.known = known.clone();
        bits = architecture.hasWideArguments() ? Intervals.MAX_LONG : Intervals.MAX_WORD;
        defaultValue = FilterCompiler.defaultValue(profile);
    }

    /**
     * What was found.
     *
     * @param isExhaustive whether the last one applies whatever the other arguments are
     */
    record Found(List<FilterQuestion.Reason> reasons, boolean isExhaustive) {}

    /**
     * Returns the rules in the order in which the filter looks at them, up to one that surely
     * applies.
     */
    Found about(int number) {
        Map<Alternative, Integer> all = alternatives(number);
        List<Alternative> ordered = new ArrayList<>();
        Precedence precedence = new Precedence(architecture);
        for (Alternative alternative : all.keySet()) {
            if (alternative.conditions().isEmpty()) {
                ordered = List.of(alternative);
                break;
            }
            precedence.insert(ordered, alternative);
        }
        List<FilterQuestion.Reason> reasons = new ArrayList<>();
        for (Alternative alternative : ordered) {
            if (fails(alternative)) {
                continue;
            }
            int index = Objects.requireNonNull(all.get(alternative)); // ordered from all
            reasons.add(
                    new FilterQuestion.Reason(
                            index,
                            profile.syscalls().get(index),
                            ConditionText.of(alternative.conditions()),
                            Outcome.of(alternative.value())));
            if (isKnownToHold(alternative)) {
                return new Found(reasons, true);
            }
        }
        return new Found(reasons, false);
    }

    /** With the index of the first rule that has each; rules that do what is done anyway do not. */
    private Map<Alternative, Integer> alternatives(int number) {
        Map<Alternative, Integer> all = new LinkedHashMap<>();
        for (int i = 0; i < profile.syscalls().size(); i++) {
            SyscallRule rule = profile.syscalls().get(i);
            int value = FilterCompiler.value(rule);
            if (value == defaultValue) {
                continue;
            }
            for (String name : rule.names()) {
                int index = SyscallTable.indexOf(name);
                boolean direct = SyscallTable.number(architecture, index) == number;
                boolean multiplexed = isMultiplexedBy(number, index);
                for (Alternative alternative : Alternative.of(rule, value)) {
                    if (direct && index != SyscallTable.ABSENT) {
                        all.putIfAbsent(alternative.simplified(architecture), i);
                    }
                    if (multiplexed) {
                        Alternative there = alternative.multiplexed(Multiplexer.subCall(index));
                        all.putIfAbsent(there.simplified(architecture), i);
                    }
                }
            }
        }
        return all;
    }

    private boolean isMultiplexedBy(int number, int index) {
        return index != SyscallTable.ABSENT
                && Multiplexer.covers(index)
                && Multiplexer.isUsedOn(architecture)
                && Multiplexer.number(architecture, index) == number;
    }

    private boolean fails(Alternative alternative) {
        for (ArgCondition condition : alternative.conditions()) {
            if (isKnown(condition) && !holds(condition, known[condition.index()] & bits)) {
                return true;
            }
        }
        return false;
    }

    /** Unless it {@link #fails}. */
    private boolean isKnownToHold(Alternative alternative) {
        return alternative.conditions().stream().allMatch(this::isKnown);
    }

    private boolean isKnown(ArgCondition condition) {
        return condition.index() < known.length;
    }

    private boolean holds(ArgCondition condition, long argument) {
        long value = condition.value() & bits;
        int order = Long.compareUnsigned(argument, value);
        return switch (condition.op()) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            case MASKED_EQ -> (argument & value) == (condition.valueTwo() & value);
        };
    }
}
