// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.EngineRule;
import io.jrunc.seccomp.profile.KernelVersion;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.CapabilityNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Profiles as engines keep them. */
class ProfileReaderTest {
    private static final Path PODMANS = Path.of("/usr/share/containers/seccomp.json");

    private static Optional<EngineProfile> read(String json) {
        return ProfileReader.read(json.getBytes(StandardCharsets.UTF_8), "profile.json");
    }

    private static String message(String json) {
        return assertThrows(Failure.class, () -> read(json), json).getMessage();
    }

    @Test
    void everythingThatDockersStructureHasIsRead() {
        EngineProfile profile =
                read("""
                        {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
                         "defaultErrno": "ENOSYS", "flags": ["SECCOMP_FILTER_FLAG_LOG"],
                         "listenerPath": "/run/agent", "listenerMetadata": "m",
                         "archMap": [
                           {"architecture": "SCMP_ARCH_AARCH64",
                            "subArchitectures": ["SCMP_ARCH_ARM"]},
                           {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}],
                         "syscalls": [
                           {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "args": null,
                            "comment": "why", "includes": {"caps": ["CAP_BPF"],
                              "arches": ["amd64"], "minKernel": "4.8"}, "excludes": {}},
                           {"name": "kcmp", "action": "SCMP_ACT_ERRNO", "errno": "EINVAL",
                            "args": [{"index": 1, "value": 2, "valueTwo": 0,
                              "op": "SCMP_CMP_GT"}], "excludes": {"caps": ["CAP_CHOWN"]}},
                           {"names": ["ptrace"], "action": "SCMP_ACT_ERRNO", "errno": "13"}]}
                        """)
                        .orElseThrow();

        assertEquals(Action.ERRNO, profile.defaultAction());
        assertEquals(OptionalInt.of(38), profile.defaultErrnoRet());
        assertEquals(Optional.of(List.of(FilterFlag.LOG)), profile.flags());
        assertEquals(Optional.of("/run/agent"), profile.listenerPath());
        assertEquals(Optional.of("m"), profile.listenerMetadata());
        assertEquals(
                Map.of(
                        Architecture.AARCH64,
                        List.of(Architecture.ARM),
                        Architecture.RISCV64,
                        List.of()),
                profile.archMap());
        EngineRule bpf = profile.rules().get(0);
        assertEquals(List.of("bpf"), bpf.rule().names());
        assertEquals(List.of("CAP_BPF"), bpf.includes().caps());
        assertEquals(List.of("amd64"), bpf.includes().arches());
        assertEquals(Optional.of(new KernelVersion(4, 8)), bpf.includes().minKernel());
        EngineRule kcmp = profile.rules().get(1);
        assertEquals(List.of("kcmp"), kcmp.rule().names());
        assertEquals(OptionalInt.of(22), kcmp.rule().errnoRet());
        assertEquals(1, kcmp.rule().args().get(0).index());
        assertEquals(List.of("CAP_CHOWN"), kcmp.excludes().caps());
        assertEquals(OptionalInt.of(13), profile.rules().get(2).rule().errnoRet());
    }

    @Test
    void profileWithoutAnythingFiltersNothing() {
        assertEquals(Optional.empty(), read("{}"));
        assertEquals(Optional.empty(), read("{\"defaultAction\": \"\", \"syscalls\": null}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'architectures': ['SCMP_ARCH_X86'], 'archMap': [{'architecture': 'SCMP_ARCH_ARM'}]"
                        + "|archMap: stands beside architectures; remove one of the two",
                "'archMap': [{'architecture': 'amd64'}]"
                        + "|archMap[0].architecture: \\\"amd64\\\" is not an architecture; write one",
                "'archMap': [{'architecture': 'SCMP_ARCH_X86', 'subArchitectures': ['x']}]"
                        + "|archMap[0].subArchitectures[0]: \\\"x\\\" is not an architecture",
                "'archMap': {}|archMap: an object is not a list; write [ … ] of objects",
                "'defaultErrno': 'EOOPS'|defaultErrno: \\\"EOOPS\\\" is not an error; write a name",
                "'defaultErrno': 'EPERM', 'defaultErrnoRet': 2"
                        + "|defaultErrno: \\\"EPERM\\\" is 1, but defaultErrnoRet is 2; remove one",
                "'flags': ['LOG']|flags[0]: \\\"LOG\\\" is not a filter flag; write one of",
            })
    void badDocumentIsReportedInOneSentence(String fields, String expected) {
        String json = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", " + quoted(fields) + "}";

        assertTrue(message(json).startsWith(expected.replace("\\\"", "\"")), message(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'action': 'SCMP_ACT_ALLOW'|names: is empty; name at least one system call",
                "'names': ['a'], 'name': 'b', 'action': 'SCMP_ACT_ALLOW'"
                        + "|name: \\\"b\\\" stands beside names; add it there and remove it here",
                "'names': ['a']|action: is missing; add it as a string",
                "'names': ['a'], 'action': 'ALLOW'|action: \\\"ALLOW\\\" is not an action; write one",
                "'names': ['a'], 'action': 'SCMP_ACT_ERRNO', 'errno': 'no'"
                        + "|errno: \\\"no\\\" is not an error; write a name, as in \\\"EPERM\\\"",
                "'names': ['a'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'minKernel': '4.8.1'}"
                        + "|includes.minKernel: \\\"4.8.1\\\" is not a kernel version; write two num",
                "'names': ['a'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'caps': 'CAP_BPF'}"
                        + "|excludes.caps: \\\"CAP_BPF\\\" is not a list; write [ … ] of strings",
                "'names': ['a'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 6}]"
                        + "|args[0].index: 6 is out of range; write a number from 0 to 5",
            })
    void badRuleIsReportedInOneSentence(String fields, String expected) {
        String json =
                "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{" + quoted(fields) + "}]}";

        assertTrue(
                message(json).startsWith("syscalls[0]." + expected.replace("\\\"", "\"")),
                message(json));
    }

    private static String quoted(String fields) {
        return fields.replace('\'', '"');
    }

    @ParameterizedTest
    @EnumSource
    void ownProfilesAreReadAndWhatTheyBecomeCanBeReadAgain(BundledProfile own) {
        for (Set<String> capabilities :
                List.of(
                        Set.<String>of(),
                        CapabilityNames.DOCKERS,
                        Set.copyOf(CapabilityNames.ALL))) {
            Seccomp filter =
                    ProfileReader.read(own).resolve(ProfileContext.here(capabilities)).filter();
            EngineProfile again = read(SeccompWriter.text(filter)).orElseThrow();

            assertEquals(filter, again.resolve(ProfileContext.here(Set.of())).filter());
        }
    }

    @Test
    void podmansPublishedProfileIsRead() throws IOException {
        assumeTrue(
                Files.exists(PODMANS), PODMANS + " (golang-github-containers-common) is missing");
        EngineProfile profile =
                ProfileReader.read(Files.readAllBytes(PODMANS), PODMANS.toString()).orElseThrow();

        Seccomp plain = resolve(profile, Architecture.X86_64);
        Seccomp admin = resolve(profile, Architecture.X86_64, "CAP_SYS_ADMIN");
        Seccomp arm = resolve(profile, Architecture.AARCH64);

        assertEquals(
                List.of(Architecture.X86_64, Architecture.X86, Architecture.X32),
                plain.architectures());
        assertEquals(List.of(Architecture.AARCH64, Architecture.ARM), arm.architectures());
        assertEquals(Set.of(Action.ERRNO), actions(plain, "bpf"));
        assertEquals(Set.of(Action.ALLOW), actions(admin, "bpf"));
        assertEquals(Set.of(Action.ALLOW), actions(plain, "arch_prctl"));
        assertEquals(Set.of(), actions(arm, "arch_prctl"));
    }

    private static Seccomp resolve(EngineProfile profile, Architecture own, String... caps) {
        return profile.resolve(new ProfileContext(Set.of(caps), own, new KernelVersion(6, 1)))
                .filter();
    }

    private static Set<Action> actions(Seccomp filter, String call) {
        Set<Action> actions = new HashSet<>();
        filter.syscalls().stream()
                .filter(rule -> rule.names().contains(call))
                .forEach(rule -> actions.add(rule.action()));
        return actions;
    }
}
