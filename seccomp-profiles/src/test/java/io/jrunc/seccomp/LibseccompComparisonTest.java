// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.KernelVersion;
import io.jrunc.seccomp.profile.ProfileContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our filters decide as runc's, which libseccomp makes: both are run for the same calls. */
class LibseccompComparisonTest {
    private static final int RANDOM_PROFILES = 1000;

    private static List<String> commonNames;

    /** Which calls are tried. */
    private interface Choice {
        List<SystemCall> calls(Seccomp profile, Architecture architecture, Random random);
    }

    @BeforeAll
    static void findLibseccomp() {
        String missing = RuncFilter.missing();
        assumeTrue(missing.isEmpty(), missing);
        commonNames = new ArrayList<>();
        for (int i = 0; i < SyscallTable.count(); i++) {
            // On ARM sync_file_range2 has two names, of which libseccomp knows one.
            if (RuncFilter.knows(SyscallTable.name(i))
                    && !SyscallTable.name(i).equals("sync_file_range2")) {
                commonNames.add(SyscallTable.name(i));
            }
        }
    }

    @Test
    void numbersAreThoseOfLibseccomp() {
        for (Architecture architecture : Architecture.values()) {
            if (!RandomProfile.LIBSECCOMP.contains(architecture)) {
                continue;
            }
            for (String name : commonNames) {
                int theirs = RuncFilter.number(architecture, name);
                if (theirs >= 0) {
                    int ours = SyscallTable.number(architecture, SyscallTable.indexOf(name));
                    assertEquals(theirs, ours, architecture + " " + name);
                }
            }
        }
    }

    /** On each architecture as the machine's own, with those that the profile adds there. */
    @ParameterizedTest
    @EnumSource
    void bundledProfilesDecideAlikeForAllNumbers(BundledProfile bundled) {
        for (Architecture architecture : RandomProfile.LIBSECCOMP) {
            for (Set<String> capabilities : Profiles.CAPABILITIES) {
                Seccomp resolved = resolved(bundled, architecture, capabilities);
                Seccomp profile = Profiles.restricted(resolved, RuncFilter::knows);

                assertEquals(
                        0,
                        compare(profile, architecture, Calls::ofAllNumbers, new Random(1)),
                        () -> "libseccomp differs on " + architecture + " with " + capabilities);
            }
        }
    }

    private static Seccomp resolved(
            BundledProfile bundled, Architecture architecture, Set<String> capabilities) {
        return Profiles.bundled(
                bundled, new ProfileContext(capabilities, architecture, new KernelVersion(6, 1)));
    }

    /** libseccomp 2.5 does not have the newer ones: what the rules say is the oracle. */
    @ParameterizedTest
    @EnumSource
    void bundledProfilesDecideAsTheirRulesSayOnAllArchitectures(BundledProfile bundled) {
        for (Architecture own : Architecture.values()) {
            for (Set<String> capabilities : Profiles.CAPABILITIES) {
                Seccomp profile = resolved(bundled, own, capabilities);
                PlainReading rules = new PlainReading(profile, own);
                Simulator ours = Simulator.of(FilterCompiler.compile(profile, own));
                for (Architecture architecture : Calls.architectures(profile, own)) {
                    for (SystemCall call :
                            Calls.ofAllNumbers(profile, architecture, new Random(1))) {
                        int actual = ours.run(call);
                        Set<Integer> values = rules.values(call);
                        if (!values.contains(actual)) {
                            fail(call, values.iterator().next(), actual, rules);
                        }
                    }
                }
            }
        }
    }

    @Test
    void profilesWithoutRulesDecideAlike() {
        for (Action action : Action.values()) {
            if (action != Action.NOTIFY) {
                Seccomp profile =
                        Profiles.of(action, List.of(Architecture.X86, Architecture.X32), List.of());
                assertSameDecisions(profile, Architecture.X86_64, new Random(1));
                assertSameDecisions(Profiles.of(action), Architecture.X86_64, new Random(1));
            }
        }
    }

    /** Our filter is right for all; libseccomp 2.5.4 makes a wrong filter for some profiles. */
    @Test
    void randomProfilesDecideAlike() {
        int mistaken = 0;
        for (int seed = 0; seed < RANDOM_PROFILES; seed++) {
            Random random = new Random(seed);
            RandomProfile profile = new RandomProfile(random, commonNames, true);
            try {
                boolean mistakes =
                        compare(profile.profile(), profile.nativeArchitecture(), Calls::of, random)
                                > 0;
                mistaken += mistakes ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(mistaken <= RANDOM_PROFILES / 50, "libseccomp is wrong " + mistaken + " times");
    }

    private static void assertSameDecisions(
            Seccomp profile, Architecture nativeArchitecture, Random random) {
        assertEquals(0, compare(profile, nativeArchitecture, Calls::of, random));
    }

    /**
     * Compares our filter with libseccomp's and with what the rules say.
     *
     * @return for how many calls libseccomp's filter does not do what the rules say
     */
    private static int compare(
            Seccomp profile, Architecture nativeArchitecture, Choice choice, Random random) {
        RuncFilter theirs = RuncFilter.of(profile, nativeArchitecture);
        Seccomp accepted = theirs.accepted();
        PlainReading rules = new PlainReading(accepted, nativeArchitecture);
        Simulator ours = Simulator.of(FilterCompiler.compile(accepted, nativeArchitecture));
        int mistakes = 0;
        for (Architecture architecture : Calls.architectures(profile, nativeArchitecture)) {
            for (SystemCall call : choice.calls(accepted, architecture, random)) {
                int expected = theirs.run(call);
                int actual = ours.run(call);
                Set<Integer> values = rules.values(call);
                if (expected != actual && !values.contains(expected)) {
                    mistakes++;
                } else if (expected != actual) {
                    fail(call, expected, actual, rules);
                }
                if (!values.contains(actual)) {
                    fail(call, values.iterator().next(), actual, rules);
                }
            }
        }
        return mistakes;
    }

    private static void fail(SystemCall call, int expected, int actual, PlainReading rules) {
        throw new AssertionError(
                call
                        + ": expected "
                        + Integer.toHexString(expected)
                        + ", got "
                        + Integer.toHexString(actual)
                        + " for "
                        + rules.rules(call.architecture(), call.number()));
    }
}
