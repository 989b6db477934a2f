// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which rules of an engine's profile count. Source: github.com/moby/profiles, seccomp. */
class EngineProfileTest {
    private static final List<String> ANY = List.of();
    private static final Optional<KernelVersion> ANY_KERNEL = Optional.empty();
    private static final int CLONE3 = 435;

    private static ProfileContext on(Architecture architecture, String... capabilities) {
        return new ProfileContext(Set.of(capabilities), architecture, new KernelVersion(5, 10));
    }

    private static Requirement caps(String... names) {
        return new Requirement(ANY, List.of(names), ANY_KERNEL);
    }

    private static Requirement arches(String... names) {
        return new Requirement(List.of(names), ANY, ANY_KERNEL);
    }

    private static Requirement kernel(int major, int minor) {
        return new Requirement(ANY, ANY, Optional.of(new KernelVersion(major, minor)));
    }

    private static boolean included(Requirement requirement, ProfileContext profileContext) {
        return counts(requirement, Requirement.NONE, profileContext);
    }

    private static boolean excluded(Requirement requirement, ProfileContext profileContext) {
        return !counts(Requirement.NONE, requirement, profileContext);
    }

    private static boolean counts(
            Requirement includes, Requirement excludes, ProfileContext profileContext) {
        EngineRule rule = new EngineRule(Profiles.rule(Action.ALLOW, "read"), includes, excludes);
        return !profile(Map.of(), rule).resolve(profileContext).places().isEmpty();
    }

    private static EngineProfile profile(
            Map<Architecture, List<Architecture>> archMap, EngineRule... rules) {
        return new EngineProfile(
                Action.ERRNO,
                OptionalInt.empty(),
                List.of(),
                archMap,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(rules));
    }

    @Test
    void ruleIsIncludedByAllOfItsCapabilities() {
        Requirement both = caps("CAP_BPF", "CAP_PERFMON");

        assertEquals(false, included(both, on(Architecture.X86_64)));
        assertEquals(false, included(both, on(Architecture.X86_64, "CAP_BPF")));
        assertEquals(true, included(both, on(Architecture.X86_64, "CAP_BPF", "CAP_PERFMON")));
    }

    @Test
    void ruleIsExcludedByAnyOfItsCapabilities() {
        Requirement either = caps("CAP_BPF", "CAP_PERFMON");

        assertEquals(false, excluded(either, on(Architecture.X86_64, "CAP_CHOWN")));
        assertEquals(true, excluded(either, on(Architecture.X86_64, "CAP_BPF")));
    }

    /** Only the machine's own architecture is asked: x32 never is. */
    @Test
    void anyOfTheArchitecturesIsEnough() {
        Requirement x86 = arches("amd64", "x32");

        assertEquals(true, included(x86, on(Architecture.X86_64)));
        assertEquals(false, included(x86, on(Architecture.AARCH64)));
        assertEquals(true, excluded(x86, on(Architecture.X86_64)));
        assertEquals(false, excluded(x86, on(Architecture.AARCH64)));
        assertEquals(true, included(arches("arm64"), on(Architecture.AARCH64)));
    }

    @ParameterizedTest
    @CsvSource({"4, 8, true", "5, 10, true", "5, 11, false", "6, 0, false", "5, 9, true"})
    void kernelIsAsNewAsAsked(int major, int minor, boolean isMet) {
        assertEquals(isMet, included(kernel(major, minor), on(Architecture.X86_64)));
        assertEquals(isMet, excluded(kernel(major, minor), on(Architecture.X86_64)));
    }

    @Test
    void allRequirementsOfARuleMustBeMet() {
        Requirement all =
                new Requirement(
                        List.of("amd64"),
                        List.of("CAP_BPF"),
                        Optional.of(new KernelVersion(5, 10)));

        assertTrue(included(all, on(Architecture.X86_64, "CAP_BPF")));
        assertEquals(false, included(all, on(Architecture.AARCH64, "CAP_BPF")));
        assertEquals(false, counts(all, caps("CAP_CHOWN"), on(Architecture.X86_64, "CAP_CHOWN")));
    }

    @Test
    void placesAreThoseInTheProfile() {
        EngineProfile profile =
                profile(
                        Map.of(),
                        new EngineRule(
                                Profiles.rule(Action.ALLOW, "bpf"),
                                caps("CAP_BPF"),
                                Requirement.NONE),
                        new EngineRule(
                                Profiles.rule(Action.ALLOW, "read"),
                                Requirement.NONE,
                                Requirement.NONE));

        EngineProfile.Resolution resolution = profile.resolve(on(Architecture.X86_64));

        assertEquals(List.of(1), resolution.places());
        assertEquals(List.of("read"), resolution.filter().syscalls().get(0).names());
    }

    @Test
    void architecturesAreThoseOfTheMachine() {
        Map<Architecture, List<Architecture>> map =
                Map.of(
                        Architecture.X86_64, List.of(Architecture.X86),
                        Architecture.AARCH64, List.of(Architecture.ARM));

        assertEquals(
                List.of(Architecture.AARCH64, Architecture.ARM),
                profile(map).resolve(on(Architecture.AARCH64)).filter().architectures());
        assertEquals(
                List.of(), profile(map).resolve(on(Architecture.RISCV64)).filter().architectures());
    }

    @Test
    void kernelVersionIsTwoNumbers() {
        for (String bad : new String[] {"", "4", "4.8.1", "4.x", "-4.8", "4.256", "0.0", "4.8 "}) {
            assertEquals(Optional.empty(), KernelVersion.parse(bad), bad);
        }
        assertEquals("4.8", KernelVersion.parse("4.8").orElseThrow().toString());
        assertEquals(
                new KernelVersion(6, 1), KernelVersion.ofRelease("6.1.0-18-amd64").orElseThrow());
        assertEquals(new KernelVersion(6, 1), KernelVersion.ofRelease("6.1-rc2").orElseThrow());
        assertTrue(KernelVersion.ofThisMachine().compareTo(new KernelVersion(4, 0)) > 0);
    }

    @ParameterizedTest
    @EnumSource
    void architectureIsFoundByAllItsNames(Architecture architecture) {
        Optional<Architecture> self = Optional.of(architecture);

        assertEquals(self, Architecture.named(architecture.specName()));
        assertEquals(self, Architecture.named(architecture.engineName()));
    }

    @Test
    void architectureIsFoundByTheNameOfTheMachine() {
        assertEquals(Optional.of(Architecture.X86_64), Architecture.named("x86_64"));
        assertEquals(Optional.of(Architecture.AARCH64), Architecture.named("aarch64"));
        assertEquals(Optional.empty(), Architecture.named("i8086"));
    }

    @Test
    void defaultProfileFitsArm64() {
        Seccomp arm = Profiles.bundled(BundledProfile.DEFAULT, on(Architecture.AARCH64));

        assertEquals(List.of(Architecture.AARCH64, Architecture.ARM), arm.architectures());
        assertTrue(names(arm).contains("cacheflush"));
        assertEquals(false, names(arm).contains("arch_prctl"));
    }

    /** But for clone3: the fallback to clone is what is to be seen. */
    @Test
    void auditLogsWhatStrictRefuses() {
        Seccomp strict = Profiles.bundled(BundledProfile.STRICT, Profiles.ORDINARY);
        Seccomp audit = Profiles.bundled(BundledProfile.AUDIT, Profiles.ORDINARY);
        Simulator refusing = Simulator.of(FilterCompiler.compile(strict, Architecture.X86_64));
        Simulator logging = Simulator.of(FilterCompiler.compile(audit, Architecture.X86_64));
        int allow = Action.ALLOW.returnValue(0);
        for (int i = 0; i < SyscallTable.count(); i++) {
            int number = SyscallTable.number(Architecture.X86_64, i);
            SystemCall call = new SystemCall(Architecture.X86_64, number, -1, -1, -1);
            int strictly = refusing.run(call);
            if (number != SyscallTable.ABSENT && number != CLONE3) {
                int expected = strictly == allow ? allow : Action.LOG.returnValue(0);

                assertEquals(expected, logging.run(call), SyscallTable.name(i));
            }
        }
        SystemCall clone3 = new SystemCall(Architecture.X86_64, CLONE3);
        assertEquals(Action.ERRNO.returnValue(FilterCompiler.ENOSYS), logging.run(clone3));
    }

    @Test
    void strictAllowsLessThanTheDefault() {
        Set<String> more =
                new TreeSet<>(
                        names(Profiles.bundled(BundledProfile.STRICT, on(Architecture.X86_64))));
        more.removeAll(names(Profiles.bundled(BundledProfile.DEFAULT, on(Architecture.X86_64))));

        assertEquals(Set.of(), more);
    }

    @ParameterizedTest
    @EnumSource
    void bundledProfilesNameOnlyCallsThatExistSomewhere(BundledProfile profile) {
        for (Set<String> capabilities : Profiles.CAPABILITIES) {
            for (String name :
                    names(
                            Profiles.bundled(
                                    profile,
                                    on(
                                            Architecture.X86_64,
                                            capabilities.toArray(new String[0]))))) {
                assertTrue(SyscallTable.indexOf(name) != SyscallTable.ABSENT, name);
            }
        }
    }

    private static Set<String> names(Seccomp filter) {
        Set<String> names = new TreeSet<>();
        filter.syscalls().forEach(rule -> names.addAll(rule.names()));
        return names;
    }
}
