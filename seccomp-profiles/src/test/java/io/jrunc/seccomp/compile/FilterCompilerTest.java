// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static io.jrunc.seccomp.Profiles.whenMasked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Calls;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.PlainReading;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.RandomProfile;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
class FilterCompilerTest {
    private static final int ALLOW = 0x7fff_0000;
    private static final int ERRNO = 0x0005_0000;
    private static final int KILL = 0;
    private static final int NOTIFY = 0x7fc0_0000;
    private static final int ENOSYS = ERRNO | 38;

    // Numbers on x86-64.
    private static final int READ = 0;
    private static final int OPEN = 2;
    private static final int SOCKET = 41;
    private static final int CLONE = 56;

    private static int run(Seccomp profile, int number, long... arguments) {
        return run(profile, Architecture.X86_64, number, arguments);
    }

    private static int run(
            Seccomp profile, Architecture architecture, int number, long... arguments) {
        BpfProgram program = FilterCompiler.compile(profile, Architecture.X86_64);
        return Simulator.of(program).run(new SystemCall(architecture, number, arguments));
    }

    @Test
    void eachActionHasItsReturnValue() {
        assertReturned(Action.KILL, KILL);
        assertReturned(Action.KILL_PROCESS, 0x8000_0000);
        assertReturned(Action.KILL_THREAD, KILL);
        assertReturned(Action.TRAP, 0x0003_0000);
        assertReturned(Action.ERRNO, ERRNO | 1);
        assertReturned(Action.TRACE, 0x7ff0_0001);
        assertReturned(Action.ALLOW, ALLOW);
        assertReturned(Action.LOG, 0x7ffc_0000);
        assertReturned(Action.NOTIFY, NOTIFY);
    }

    private static void assertReturned(Action action, int value) {
        Action other = action == Action.ALLOW ? Action.TRAP : Action.ALLOW;
        assertEquals(value, run(Profiles.of(other, rule(action, "read")), READ), action.name());
    }

    @Test
    void filterThatNotifiesLetsItsProcessWaitForTheListener() {
        Seccomp notifying = Profiles.of(Action.ERRNO, rule(Action.NOTIFY, "open"));
        Seccomp silent = Profiles.of(Action.ALLOW, rule(Action.ERRNO, "open"));

        assertEquals(NOTIFY, run(notifying, FilterCompiler.AWAIT_LISTENER));
        assertEquals(NOTIFY, run(Profiles.of(Action.NOTIFY), FilterCompiler.AWAIT_LISTENER));
        assertEquals(ENOSYS, run(notifying, FilterCompiler.AWAIT_LISTENER + 1));
        assertEquals(ENOSYS, run(notifying, FilterCompiler.AWAIT_LISTENER - 1));
        assertEquals(ALLOW, run(silent, FilterCompiler.AWAIT_LISTENER));
    }

    @Test
    void onlyTheNativeArchitectureWaitsForTheListener() {
        Seccomp notifying =
                Profiles.of(
                        Action.ALLOW,
                        List.of(Architecture.X86),
                        List.of(rule(Action.NOTIFY, "open")));

        assertEquals(ALLOW, run(notifying, Architecture.X86, FilterCompiler.AWAIT_LISTENER));
    }

    @Test
    void errnoOfARuleIsReturned() {
        Seccomp profile =
                Profiles.of(
                        Action.ALLOW,
                        rule(Action.ERRNO, 99, "read"),
                        rule(Action.TRACE, 7, "open"));

        assertEquals(ERRNO | 99, run(profile, READ));
        assertEquals(0x7ff0_0007, run(profile, OPEN));
    }

    @Test
    void errnoOfTheDefaultIsReturned() {
        Seccomp profile =
                new Seccomp(
                        Action.ERRNO,
                        OptionalInt.of(13),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(rule(Action.ALLOW, "clone")));

        assertEquals(ERRNO | 13, run(profile, READ));
    }

    @Test
    void eachOperatorComparesAllBits() {
        long value = 0x1_0000_0005L;
        long[] below = {0, 5, value - 1, 0xffff_ffffL};
        long[] above = {value + 1, 0x2_0000_0000L, 0x2_0000_0005L, Long.MIN_VALUE, -1};
        assertMatches(Operator.EQ, value, new long[] {value}, below, above);
        assertMatches(Operator.LT, value, below, new long[] {value}, above);
        assertMatches(Operator.GT, value, above, new long[] {value}, below);
        assertMatches(Operator.NE, value, below, new long[] {value}, new long[0]);
        assertMatches(Operator.NE, value, above, new long[] {value}, new long[0]);
        assertMatches(Operator.LE, value, below, above, new long[0]);
        assertMatches(Operator.LE, value, new long[] {value}, above, new long[0]);
        assertMatches(Operator.GE, value, above, below, new long[0]);
        assertMatches(Operator.GE, value, new long[] {value}, below, new long[0]);
    }

    private static void assertMatches(
            Operator operator, long value, long[] match, long[] others, long[] moreOthers) {
        for (int index = 0; index < 6; index++) {
            Seccomp alone =
                    Profiles.of(
                            Action.TRAP, rule(Action.ALLOW, "read", when(index, operator, value)));
            // With a second condition, the comparison is compiled another way.
            int second = (index + 1) % 6;
            Seccomp paired =
                    Profiles.of(
                            Action.TRAP,
                            rule(
                                    Action.ALLOW,
                                    "read",
                                    when(index, operator, value),
                                    when(second, Operator.EQ, 0)));
            for (Seccomp profile : List.of(alone, paired)) {
                assertAll(profile, index, match, ALLOW);
                assertAll(profile, index, others, 0x0003_0000);
                assertAll(profile, index, moreOthers, 0x0003_0000);
            }
        }
    }

    private static void assertAll(Seccomp profile, int index, long[] values, int expected) {
        for (long value : values) {
            long[] arguments = new long[6];
            arguments[index] = value;
            assertEquals(expected, run(profile, READ, arguments), () -> profile + " " + value);
        }
    }

    @Test
    void maskedComparisonLooksAtTheBitsOfTheMask() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP, rule(Action.ALLOW, "clone", whenMasked(0, 0x7e02_0000L, 0)));

        assertEquals(ALLOW, run(profile, CLONE, 0x11));
        assertEquals(0x0003_0000, run(profile, CLONE, 0x1000_0011));
    }

    @Test
    void maskMayCoverBothWords() {
        long mask = 0x00ff_0000_00ff_0000L;
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        rule(Action.ALLOW, "clone", whenMasked(0, mask, 0x0012_0000_0034_0000L)));

        assertEquals(ALLOW, run(profile, CLONE, 0x7712_7777_7734_7777L));
        assertEquals(0x0003_0000, run(profile, CLONE, 0x7712_7777_7735_7777L));
        assertEquals(0x0003_0000, run(profile, CLONE, 0x7713_7777_7734_7777L));
    }

    @Test
    void conditionsOnDifferentArgumentsMustAllHold() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        rule(
                                Action.ALLOW,
                                "socket",
                                when(2, Operator.EQ, 9),
                                when(0, Operator.EQ, 16)));

        assertEquals(ALLOW, run(profile, SOCKET, 16, 0, 9));
        assertEquals(0x0003_0000, run(profile, SOCKET, 16, 0, 8));
        assertEquals(0x0003_0000, run(profile, SOCKET, 15, 0, 9));
    }

    @Test
    void conditionsOnOneArgumentAreAlternatives() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        rule(
                                Action.ALLOW,
                                "socket",
                                when(0, Operator.EQ, 1),
                                when(0, Operator.EQ, 2),
                                when(1, Operator.EQ, 7)));

        assertEquals(ALLOW, run(profile, SOCKET, 1));
        assertEquals(ALLOW, run(profile, SOCKET, 2));
        assertEquals(ALLOW, run(profile, SOCKET, 3, 7));
        assertEquals(0x0003_0000, run(profile, SOCKET, 3, 8));
    }

    @Test
    void ruleWithoutConditionsGoesBeforeThoseWith() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        rule(Action.ERRNO, "socket", when(0, Operator.EQ, 1)),
                        rule(Action.ALLOW, "socket"),
                        rule(Action.KILL, "socket"));

        assertEquals(ALLOW, run(profile, SOCKET, 1));
    }

    @Test
    void equalityGoesBeforeARangeWhateverTheOrder() {
        SyscallRule families = rule(Action.ALLOW, "socket", when(0, Operator.LT, 45));
        SyscallRule vsock = rule(Action.ERRNO, "socket", when(0, Operator.EQ, 40));
        for (List<SyscallRule> rules :
                List.of(List.of(families, vsock), List.of(vsock, families))) {
            Seccomp profile = Profiles.of(Action.KILL, List.of(), rules);
            assertEquals(ERRNO | 1, run(profile, SOCKET, 40));
            assertEquals(ALLOW, run(profile, SOCKET, 39));
        }
    }

    @Test
    void narrowerBoundGoesBeforeAWiderOne() {
        Seccomp profile =
                Profiles.of(
                        Action.KILL,
                        rule(Action.ALLOW, "socket", when(0, Operator.LT, 100)),
                        rule(Action.ERRNO, "socket", when(0, Operator.LT, 10)));

        assertEquals(ERRNO | 1, run(profile, SOCKET, 9));
        assertEquals(ALLOW, run(profile, SOCKET, 10));
    }

    @Test
    void oldCallsOf32BitsCompareLowWords() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        List.of(Architecture.X86),
                        List.of(rule(Action.ALLOW, "read", when(0, Operator.EQ, 5))));

        assertEquals(ALLOW, run(profile, Architecture.X86, 3, 0x1_0000_0005L));
        assertEquals(0x0003_0000, run(profile, Architecture.X86_64, READ, 0x1_0000_0005L));
    }

    @Test
    void bigEndianMachinesHaveTheirWordsTheOtherWayRound() {
        Seccomp profile =
                Profiles.of(Action.TRAP, rule(Action.ALLOW, "read", when(0, Operator.GT, 5)));
        Simulator filter = Simulator.of(FilterCompiler.compile(profile, Architecture.S390X));

        assertEquals(ALLOW, filter.run(new SystemCall(Architecture.S390X, 3, 6)));
        assertEquals(ALLOW, filter.run(new SystemCall(Architecture.S390X, 3, 1L << 32)));
        assertEquals(0x0003_0000, filter.run(new SystemCall(Architecture.S390X, 3, 5)));
    }

    @Test
    void multiplexedCallIsFilteredUnderBothNumbers() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        List.of(Architecture.X86),
                        List.of(
                                rule(Action.ALLOW, "connect"),
                                rule(Action.ALLOW, "shmat"),
                                rule(Action.ALLOW, "mseal")));

        assertEquals(ALLOW, run(profile, Architecture.X86, 362));
        assertEquals(ALLOW, run(profile, Architecture.X86, 102, 3));
        assertEquals(0x0003_0000, run(profile, Architecture.X86, 102, 4));
        assertEquals(ALLOW, run(profile, Architecture.X86, 117, 21));
        assertEquals(0x0003_0000, run(profile, Architecture.X86, 117, 22));
    }

    @Test
    void foreignArchitectureKills() {
        Seccomp profile = Profiles.of(Action.ALLOW);

        assertEquals(KILL, run(profile, Architecture.X86, 3));
        assertEquals(KILL, run(profile, Architecture.X32, 1 << 30));
        assertEquals(ALLOW, run(profile, Architecture.X86_64, READ));
    }

    @Test
    void tracerMaySkipACall() {
        assertEquals(ALLOW, run(Profiles.of(Action.ALLOW), -1));
    }

    @Test
    void x32CallsHaveTheirOwnNumbers() {
        Seccomp profile =
                Profiles.of(
                        Action.TRAP,
                        List.of(Architecture.X32),
                        List.of(rule(Action.ALLOW, "ioctl"), rule(Action.ALLOW, "mseal")));

        assertEquals(ALLOW, run(profile, Architecture.X32, 1 << 30 | 514));
        assertEquals(ALLOW, run(profile, Architecture.X86_64, 16));
        assertEquals(0x0003_0000, run(profile, Architecture.X32, 1 << 30 | 16));
    }

    @Test
    void callsNewerThanAllNamedDoNotExist() {
        Seccomp profile =
                Profiles.of(Action.ERRNO, rule(Action.ALLOW, "read"), rule(Action.ALLOW, "statx"));

        assertEquals(ERRNO | 1, run(profile, 331));
        assertEquals(ALLOW, run(profile, 332));
        assertEquals(ENOSYS, run(profile, 333));
        assertEquals(ENOSYS, run(profile, 0x3fff_ffff));
    }

    @Test
    void newCallsGetADefaultThatLetsThemPass() {
        for (Action action : List.of(Action.ALLOW, Action.LOG, Action.TRACE)) {
            Seccomp profile = Profiles.of(action, rule(Action.KILL, "read"));
            int expected = action.returnValue(1);
            assertEquals(expected, run(profile, 1000), action.name());
        }
    }

    @Test
    void callZeroOfS390DoesNotExist() {
        Seccomp profile = Profiles.of(Action.ERRNO, rule(Action.ALLOW, "read"));
        Simulator filter = Simulator.of(FilterCompiler.compile(profile, Architecture.S390X));

        assertEquals(ENOSYS, filter.run(new SystemCall(Architecture.S390X, 0)));
    }

    @Test
    void unknownNamesAreSkippedAndReported() {
        Seccomp profile =
                Profiles.of(
                        Action.ERRNO,
                        rule(Action.ALLOW, "no_such_call"),
                        rule(Action.ALLOW, "read"),
                        rule(Action.ALLOW, "s390_sthyi"));

        BpfProgram program = FilterCompiler.compile(profile, Architecture.X86_64);

        assertEquals(List.of("no_such_call", "s390_sthyi"), program.unknownNames());
    }

    @Test
    void farTargetsAreReached() {
        List<SyscallRule> rules = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rules.add(rule(Action.ERRNO, i, "read", when(0, Operator.EQ, i), whenMasked(1, 6, 2)));
        }
        Seccomp profile = Profiles.of(Action.ALLOW, List.of(), rules);

        for (int i = 0; i < 300; i++) {
            assertEquals(ERRNO | i, run(profile, READ, i, 3));
            assertEquals(ALLOW, run(profile, READ, i, 4));
        }
        assertEquals(ALLOW, run(profile, READ, 300, 3));
    }

    @Test
    void filterTooLongForTheKernelIsRefused() {
        List<SyscallRule> rules = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rules.add(
                    rule(
                            Action.ALLOW,
                            "read",
                            when(0, Operator.EQ, i),
                            when(1, Operator.EQ, i + 1)));
        }
        Seccomp profile = Profiles.of(Action.KILL, List.of(), rules);

        Failure failure =
                assertThrows(
                        Failure.class, () -> FilterCompiler.compile(profile, Architecture.X86_64));

        assertTrue(
                failure.getMessage().endsWith("instructions, the kernel takes 4096"),
                failure.getMessage());
    }

    @Test
    void randomProfilesDecideAsTheirRulesSay() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SyscallTable.count(); i++) {
            names.add(SyscallTable.name(i));
        }
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            RandomProfile drawn = new RandomProfile(random, names, false);
            Seccomp profile = drawn.profile();
            Architecture nativeArchitecture = drawn.nativeArchitecture();
            PlainReading rules = new PlainReading(profile, nativeArchitecture);
            Simulator filter = Simulator.of(FilterCompiler.compile(profile, nativeArchitecture));
            for (Architecture architecture : Calls.architectures(profile, nativeArchitecture)) {
                for (SystemCall call : Calls.of(profile, architecture, random)) {
                    int value = filter.run(call);
                    if (!rules.values(call).contains(value)) {
                        throw new AssertionError(
                                "seed "
                                        + seed
                                        + " "
                                        + call
                                        + ": "
                                        + Integer.toHexString(value)
                                        + " for "
                                        + rules.rules(architecture, call.number()));
                    }
                }
            }
        }
    }
}
