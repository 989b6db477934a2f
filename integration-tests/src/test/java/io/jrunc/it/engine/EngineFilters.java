// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.explain.FilterComparison;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.json.ProfileReader;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Engines resolve profiles before they call a runtime: their filters are the oracle for ours. */
final class EngineFilters {
    private static final List<String> CONDITIONS =
            List.of(
                    "'includes': {'caps': ['CAP_CHOWN', 'CAP_KILL']}",
                    "'includes': {'caps': ['CAP_CHOWN', 'CAP_SYS_PTRACE']}",
                    "'excludes': {'caps': ['CAP_CHOWN', 'CAP_SYS_PTRACE']}",
                    "'excludes': {'caps': ['CAP_SYS_PTRACE', 'CAP_SYS_TIME']}",
                    "'includes': {'arches': ['amd64', 's390x']}",
                    "'includes': {'arches': ['arm64']}",
                    "'includes': {'arches': ['x86', 'x32']}",
                    "'excludes': {'arches': ['amd64']}",
                    "'excludes': {'arches': ['arm64', 'x32']}",
                    "'includes': {'minKernel': '4.8'}",
                    "'includes': {'minKernel': '250.1'}",
                    "'excludes': {'minKernel': '4.8'}",
                    "'excludes': {'minKernel': '250.1'}",
                    "'includes': {'minKernel': '4.8', 'caps': ['CAP_SYS_PTRACE']}",
                    "'includes': {'caps': ['CAP_KILL']}, 'excludes': {'arches': ['amd64']}",
                    "'errnoRet': 5");

    private EngineFilters() {}

    /** A profile with a rule for each thing that can be asked, about an argument of its own. */
    static String everyCondition() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < CONDITIONS.size(); i++) {
            rules.append(i == 0 ? "" : ",\n")
                    .append("{'names': ['personality'], 'action': 'SCMP_ACT_ERRNO', ")
                    .append(CONDITIONS.get(i))
                    .append(", 'args': [{'index': 0, 'op': 'SCMP_CMP_EQ', 'value': ")
                    .append(i)
                    .append("}]}");
        }
        return """
               {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [
                 {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X32"]},
                 {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}],
                "syscalls": [%s]}
               """
                .formatted(rules.toString().replace('\'', '"'));
    }

    /** The same instructions, and so the same decisions, as in the container that was made. */
    static void assertResolvedAlike(String profile, JsonNode config) {
        Seccomp ours =
                resolve(
                        ProfileReader.read(profile.getBytes(StandardCharsets.UTF_8), "profile.json")
                                .orElseThrow(),
                        config);

        assertEquals(
                listing(filter(config)), listing(ours), () -> config.at("/linux/seccomp") + "");
    }

    /** What the filter of the container decides otherwise than ours for the same capabilities. */
    static List<FilterComparison.Difference> differences(EngineProfile profile, JsonNode config) {
        return FilterComparison.of(
                filter(config), resolve(profile, config), Architecture.ofThisMachine());
    }

    private static Seccomp resolve(EngineProfile profile, JsonNode config) {
        Set<String> capabilities = new HashSet<>();
        config.at("/process/capabilities/bounding")
                .forEach(name -> capabilities.add(name.asText()));
        return profile.resolve(ProfileContext.here(capabilities)).filter();
    }

    private static Seccomp filter(JsonNode config) {
        return SpecReader.read(config.toString().getBytes(StandardCharsets.UTF_8))
                .linux()
                .seccomp()
                .orElseThrow();
    }

    private static String listing(Seccomp filter) {
        return FilterCompiler.compile(filter, Architecture.ofThisMachine()).listing();
    }
}
