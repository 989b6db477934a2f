// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.EngineRule;
import io.jrunc.seccomp.profile.KernelVersion;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.seccomp.profile.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Profiles for tests. */
public final class Profiles {
    private Profiles() {}

    /** A recent kernel, and a container as Docker makes it. */
    public static final ProfileContext ORDINARY =
            new ProfileContext(
                    Set.of("CAP_SYS_CHROOT", "CAP_AUDIT_WRITE"),
                    Architecture.X86_64,
                    new KernelVersion(6, 1));

    /** Of containers: none, those that matter of Docker's, and all that rules ask for. */
    public static final List<Set<String>> CAPABILITIES =
            List.of(
                    Set.of(),
                    ORDINARY.capabilities(),
                    Set.of(
                            "CAP_BPF",
                            "CAP_DAC_READ_SEARCH",
                            "CAP_PERFMON",
                            "CAP_SYSLOG",
                            "CAP_SYS_ADMIN",
                            "CAP_SYS_BOOT",
                            "CAP_SYS_CHROOT",
                            "CAP_SYS_MODULE",
                            "CAP_SYS_NICE",
                            "CAP_SYS_PACCT",
                            "CAP_SYS_PTRACE",
                            "CAP_SYS_RAWIO",
                            "CAP_SYS_TIME",
                            "CAP_SYS_TTY_CONFIG"));

    /** The default profile of this module. */
    public static Seccomp byDefault() {
        return bundled(BundledProfile.DEFAULT, ORDINARY);
    }

    public static Seccomp bundled(BundledProfile profile, ProfileContext profileContext) {
        try {
            return profile.of(read(new ObjectMapper().readTree(profile.json())))
                    .resolve(profileContext)
                    .filter();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Seccomp of(Action byDefault, SyscallRule... rules) {
        return of(byDefault, List.of(), List.of(rules));
    }

    public static Seccomp of(
            Action byDefault, List<Architecture> architectures, List<SyscallRule> rules) {
        return new Seccomp(
                byDefault,
                OptionalInt.empty(),
                architectures,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    public static SyscallRule rule(Action action, String name, ArgCondition... conditions) {
        return new SyscallRule(List.of(name), action, OptionalInt.empty(), List.of(conditions));
    }

    public static SyscallRule rule(
            Action action, int errno, String name, ArgCondition... conditions) {
        return new SyscallRule(List.of(name), action, OptionalInt.of(errno), List.of(conditions));
    }

    public static ArgCondition when(int index, Operator operator, long value) {
        return new ArgCondition(index, value, 0, operator);
    }

    public static ArgCondition whenMasked(int index, long mask, long datum) {
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

    private static EngineProfile read(JsonNode json) {
        Map<Architecture, List<Architecture>> archMap = new HashMap<>();
        for (JsonNode entry : json.path("archMap")) {
            archMap.put(
                    Architecture.valueOf(suffix(entry.path("architecture"), "SCMP_ARCH_")),
                    architectures(entry.path("subArchitectures")));
        }
        List<EngineRule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("syscalls")) {
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
                    new EngineRule(
                            new SyscallRule(
                                    strings(rule.path("names")),
                                    Action.valueOf(suffix(rule.path("action"), "SCMP_ACT_")),
                                    number(rule.path("errnoRet")),
                                    conditions),
                            requirement(rule.path("includes")),
                            requirement(rule.path("excludes"))));
        }
        return new EngineProfile(
                Action.valueOf(suffix(json.path("defaultAction"), "SCMP_ACT_")),
                number(json.path("defaultErrnoRet")),
                architectures(json.path("architectures")),
                archMap,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    private static Requirement requirement(JsonNode json) {
        return new Requirement(
                strings(json.path("arches")),
                strings(json.path("caps")),
                KernelVersion.parse(json.path("minKernel").asText()));
    }

    private static List<Architecture> architectures(JsonNode json) {
        return strings(json).stream().map(name -> Architecture.named(name).orElseThrow()).toList();
    }

    private static List<String> strings(JsonNode json) {
        List<String> strings = new ArrayList<>();
        json.forEach(element -> strings.add(element.asText()));
        return strings;
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
