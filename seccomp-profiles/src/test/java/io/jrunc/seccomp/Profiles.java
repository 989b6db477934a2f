package io.jrunc.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Profiles for tests. */
final class Profiles {
    private Profiles() {}

    /** The profile that this module carries. */
    static Seccomp byDefault() {
        try (InputStream in = Seccomp.class.getResourceAsStream("default.json")) {
            return read(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Seccomp of(Action byDefault, SyscallRule... rules) {
        return of(byDefault, List.of(), List.of(rules));
    }

    static Seccomp of(Action byDefault, List<Architecture> architectures, List<SyscallRule> rules) {
        return new Seccomp(
                byDefault,
                OptionalInt.empty(),
                architectures,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    static SyscallRule rule(Action action, String name, ArgCondition... conditions) {
        return new SyscallRule(List.of(name), action, OptionalInt.empty(), List.of(conditions));
    }

    static SyscallRule rule(Action action, int errno, String name, ArgCondition... conditions) {
        return new SyscallRule(List.of(name), action, OptionalInt.of(errno), List.of(conditions));
    }

    static ArgCondition when(int index, Operator operator, long value) {
        return new ArgCondition(index, value, 0, operator);
    }

    static ArgCondition whenMasked(int index, long mask, long datum) {
        return new ArgCondition(index, mask, datum, Operator.MASKED_EQ);
    }

    /** The profile without names that {@code known} does not have. */
    static Seccomp restricted(Seccomp profile, java.util.function.Predicate<String> known) {
        List<SyscallRule> rules = new ArrayList<>();
        for (SyscallRule rule : profile.syscalls()) {
            List<String> names = rule.names().stream().filter(known).toList();
            rules.add(new SyscallRule(names, rule.action(), rule.errnoRet(), rule.args()));
        }
        return of(profile.defaultAction(), profile.architectures(), rules);
    }

    private static Seccomp read(JsonNode json) {
        List<Architecture> architectures = new ArrayList<>();
        for (JsonNode name : json.path("architectures")) {
            architectures.add(Architecture.valueOf(suffix(name, "SCMP_ARCH_")));
        }
        List<SyscallRule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("syscalls")) {
            List<String> names = new ArrayList<>();
            for (JsonNode name : rule.path("names")) {
                names.add(name.asText());
            }
            List<ArgCondition> conditions = new ArrayList<>();
            for (JsonNode condition : rule.path("args")) {
                conditions.add(
                        new ArgCondition(
                                condition.path("index").asInt(),
                                condition.path("value").asLong(),
                                condition.path("valueTwo").asLong(),
                                Operator.valueOf(suffix(condition.path("op"), "SCMP_CMP_"))));
            }
            rules.add(
                    new SyscallRule(
                            names,
                            Action.valueOf(suffix(rule.path("action"), "SCMP_ACT_")),
                            number(rule.path("errnoRet")),
                            conditions));
        }
        return new Seccomp(
                Action.valueOf(suffix(json.path("defaultAction"), "SCMP_ACT_")),
                number(json.path("defaultErrnoRet")),
                architectures,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    private static OptionalInt number(JsonNode node) {
        return node.isInt() ? OptionalInt.of(node.asInt()) : OptionalInt.empty();
    }

    private static String suffix(JsonNode name, String prefix) {
        if (!name.asText().startsWith(prefix)) {
            throw new IllegalArgumentException(name.asText());
        }
        return name.asText().substring(prefix.length());
    }
}
