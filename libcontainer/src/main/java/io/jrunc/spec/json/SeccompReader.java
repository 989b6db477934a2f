// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code linux.seccomp}. */
final class SeccompReader {
    private static final int LAST_ARGUMENT = 5;

    private static final Action[] ACTIONS = Action.values();
    private static final Operator[] OPERATORS = Operator.values();
    private static final Architecture[] ARCHITECTURES = Architecture.values();
    private static final FilterFlag[] FLAGS = FilterFlag.values();

    private static final String[] ACTION_NAMES = new String[ACTIONS.length];
    private static final String[] OPERATOR_NAMES = new String[OPERATORS.length];
    private static final String[] ARCHITECTURE_NAMES = new String[ARCHITECTURES.length];
    private static final String[] FLAG_NAMES = new String[FLAGS.length];

    static {
        for (int i = 0; i < ACTIONS.length; i++) {
            ACTION_NAMES[i] = ACTIONS[i].specName();
        }
        for (int i = 0; i < OPERATORS.length; i++) {
            OPERATOR_NAMES[i] = OPERATORS[i].specName();
        }
        for (int i = 0; i < ARCHITECTURES.length; i++) {
            ARCHITECTURE_NAMES[i] = ARCHITECTURES[i].specName();
        }
        for (int i = 0; i < FLAGS.length; i++) {
            FLAG_NAMES[i] = FLAGS[i].specName();
        }
    }

    private SeccompReader() {}

    static Optional<Seccomp> seccomp(Fields f) {
        if (isNone(f)) {
            return Optional.empty();
        }
        return Optional.of(
                new Seccomp(
                        action(f, "defaultAction"),
                        f.optionalInt("defaultErrnoRet", 0, Integer.MAX_VALUE),
                        architectures(f, "architectures"),
                        flags(f),
                        f.optionalString("listenerPath"),
                        f.optionalString("listenerMetadata"),
                        rules(f)));
    }

    /** As runc: a filter that neither decides nor has rules is none. */
    static boolean isNone(Fields f) {
        return f.stringOrEmpty("defaultAction").isEmpty() && f.objects("syscalls").isEmpty();
    }

    private static List<SyscallRule> rules(Fields seccomp) {
        List<SyscallRule> rules = new ArrayList<>();
        for (Fields f : seccomp.objects("syscalls")) {
            rules.add(
                    new SyscallRule(
                            f.strings("names"),
                            action(f, "action"),
                            f.optionalInt("errnoRet", 0, Integer.MAX_VALUE),
                            conditions(f)));
        }
        return rules;
    }

    static List<ArgCondition> conditions(Fields rule) {
        List<Fields> args = rule.objects("args");
        if (args.isEmpty()) {
            return List.of();
        }
        List<ArgCondition> conditions = new ArrayList<>();
        for (Fields f : args) {
            conditions.add(
                    new ArgCondition(
                            (int) f.integer("index", 0, LAST_ARGUMENT),
                            f.unsigned("value"),
                            f.optionalUnsigned("valueTwo").orElse(0),
                            operator(f)));
        }
        return conditions;
    }

    static Action action(Fields f, String name) {
        return ACTIONS[index(f.path(name), f.string(name), ACTION_NAMES, "an action")];
    }

    private static Operator operator(Fields f) {
        return OPERATORS[index(f.path("op"), f.string("op"), OPERATOR_NAMES, "an operator")];
    }

    static List<Architecture> architectures(Fields f, String name) {
        List<String> names = f.strings(name);
        List<Architecture> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            found.add(architecture(f.path(name) + '[' + i + ']', names.get(i)));
        }
        return found;
    }

    static Architecture architecture(String field, String name) {
        return ARCHITECTURES[index(field, name, ARCHITECTURE_NAMES, "an architecture")];
    }

    /** Empty if the field is absent, which is not the same as an empty list. */
    static Optional<List<FilterFlag>> flags(Fields f) {
        if (!f.has("flags")) {
            return Optional.empty();
        }
        List<String> names = f.strings("flags");
        List<FilterFlag> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String field = f.path("flags") + '[' + i + ']';
            found.add(FLAGS[index(field, names.get(i), FLAG_NAMES, "a filter flag")]);
        }
        return Optional.of(found);
    }

    private static int index(String field, String word, String[] names, String kind) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(word)) {
                return i;
            }
        }
        throw Fields.notA(kind, field, word, names);
    }
}
