// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.RandomProfile;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnconditionalCallsTest {
    private static final int ALLOW = 0x7fff_0000;
    private static final int LOG = 0x7ffc_0000;
    private static final int PROFILES = 300;
    private static final int ARGUMENTS = 200;
    private static final List<String> CALLS =
            List.of("accept4", "close", "mmap", "execve", "clone");

    private static boolean allows(Seccomp profile, String... calls) {
        BpfProgram program = FilterCompiler.compile(profile, Architecture.X86_64);
        return UnconditionalCalls.of(program, Architecture.X86_64).allow(List.of(calls));
    }

    @Test
    void allowsWhatPassesWhateverItsArgumentsAre() {
        assertTrue(allows(Profiles.of(Action.ERRNO, rule(Action.ALLOW, "read")), "read"));
        assertTrue(allows(Profiles.of(Action.ERRNO, rule(Action.LOG, "read")), "read"));
        assertTrue(allows(Profiles.of(Action.ALLOW, rule(Action.ERRNO, "read")), "close"));
    }

    @Test
    void refusesWhatSomeArgumentsForbid() {
        Seccomp some =
                Profiles.of(Action.ERRNO, rule(Action.ALLOW, "close", when(0, Operator.EQ, 7)));
        assertFalse(allows(some, "close"));
        Seccomp most =
                Profiles.of(Action.ALLOW, rule(Action.ERRNO, "close", when(0, Operator.EQ, 7)));
        assertFalse(allows(most, "close"));
        assertTrue(allows(most, "read"));
    }

    @Test
    void refusesIfOneOfSeveralDoesNotPass() {
        assertFalse(
                allows(Profiles.of(Action.ALLOW, rule(Action.NOTIFY, "read")), "close", "read"));
        assertFalse(allows(Profiles.of(Action.ALLOW), "close", "no_such_call"));
    }

    /** Whatever is said to pass passes in the simulated filter, with any arguments. */
    @Test
    void agreesWithTheFilterOnRandomProfiles() {
        Random random = new Random(7);
        int passed = 0;
        for (int i = 0; i < PROFILES; i++) {
            RandomProfile drawn = new RandomProfile(random, CALLS, false);
            Architecture own = drawn.nativeArchitecture();
            BpfProgram program = FilterCompiler.compile(drawn.profile(), own);
            for (String call : CALLS) {
                if (UnconditionalCalls.of(program, own).allow(List.of(call))) {
                    passed++;
                    assertPasses(program, own, call, random);
                }
            }
        }
        assertTrue(passed > PROFILES / 2, "only " + passed);
    }

    private static void assertPasses(
            BpfProgram program, Architecture own, String call, Random random) {
        int number = SyscallTable.number(own, SyscallTable.indexOf(call));
        for (int i = 0; i < ARGUMENTS; i++) {
            long[] arguments = random.longs(6).map(word -> word >> 58).toArray();
            int answer = Simulator.of(program).run(new SystemCall(own, number, arguments));
            assertTrue(answer == ALLOW || answer == LOG, call + ": " + Integer.toHexString(answer));
        }
    }
}
