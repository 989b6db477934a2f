// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.ArgCondition;
import java.util.List;
import java.util.stream.Collectors;

/** Writes conditions of rules for people. */
final class ConditionText {
    private ConditionText() {}

    /** Returns all that must hold; empty for none. */
    static String of(List<ArgCondition> conditions) {
        return conditions.stream().map(ConditionText::of).collect(Collectors.joining(" and "));
    }

    /** {@code arg0 < 12}, {@code (arg0 & 0x7e020000) == 0}. */
    static String of(ArgCondition condition) {
        String name = "arg" + condition.index();
        String value = ArgumentWords.number(condition.value());
        return switch (condition.op()) {
            case NE -> name + " != " + value;
            case LT -> name + " < " + value;
            case LE -> name + " <= " + value;
            case EQ -> name + " == " + value;
            case GE -> name + " >= " + value;
            case GT -> name + " > " + value;
            case MASKED_EQ ->
                    "("
                            + name
                            + " & "
                            + value
                            + ") == "
                            + ArgumentWords.number(condition.valueTwo() & condition.value());
        };
    }
}
