// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
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
import io.jrunc.seccomp.PseudoCodeReader;
import io.jrunc.seccomp.RandomProfile;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallNames;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import io.jrunc.seccomp.compile.BpfProgram;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Explanations of filters agree with their instructions. */
class FilterExplanationTest {
    /** More of them with {@code -Dseccomp.profiles=150}. */
    private static final int RANDOM_PROFILES = Integer.getInteger("seccomp.profiles", 20);

    private static final Architecture X86_64 = Architecture.X86_64;

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SyscallTable.count(); i++) {
            names.add(SyscallTable.name(i));
        }
        return names;
    }

    /** Also profiles for which libseccomp makes no right filter. */
    private static RandomProfile random(int seed) {
        return new RandomProfile(new Random(seed), names(), false);
    }

    private static List<String> codeFor(List<FilterText.Section> sections, SystemCall call) {
        String name =
                SyscallNames.byNumber(call.architecture())
                        .getOrDefault(Integer.toUnsignedLong(call.number()), List.of(""))
                        .get(0);
        for (FilterText.Section section : sections) {
            if (section.architecture() == call.architecture()) {
                for (FilterText.Group group : section.groups()) {
                    if (group.calls().contains(name) || covers(group, call.number())) {
                        return group.code();
                    }
                }
            }
        }
        return List.of();
    }

    private static boolean covers(FilterText.Group group, int number) {
        long wanted = Integer.toUnsignedLong(number);
        for (String range : group.numbers()) {
            String[] ends = range.split("\\.\\.", -1);
            if (Long.parseLong(ends[0]) <= wanted
                    && wanted <= Long.parseLong(ends[ends.length - 1])) {
                return true;
            }
        }
        return false;
    }

    @Test
    void pseudoCodeDoesWhatTheInstructionsDo() {
        int compared = 0;
        for (int seed = 0; seed < RANDOM_PROFILES; seed++) {
            RandomProfile random = random(seed);
            Seccomp profile = random.profile();
            Architecture own = random.nativeArchitecture();
            Simulator filter = Simulator.of(FilterCompiler.compile(profile, own));
            List<FilterText.Section> sections = FilterText.of(profile, own);
            for (FilterText.Section section : sections) {
                for (SystemCall call :
                        Calls.of(profile, section.architecture(), new Random(seed))) {
                    List<String> code = codeFor(sections, call);
                    if (!code.isEmpty()) {
                        compared++;
                        String expected = Outcome.of(filter.run(call));
                        String message = "seed " + seed + ", " + call + ": " + code;
                        assertEquals(expected, PseudoCodeReader.run(code, call), message);
                    }
                }
            }
        }
        assertTrue(compared > 500 * RANDOM_PROFILES, "compared only " + compared);
    }

    @Test
    void ruleThatIsNamedDecides() {
        for (int seed = 0; seed < RANDOM_PROFILES / 5; seed++) {
            RandomProfile random = random(seed);
            Seccomp profile = random.profile();
            Architecture own = random.nativeArchitecture();
            Simulator filter = Simulator.of(FilterCompiler.compile(profile, own));
            String byDefault = Outcome.of(FilterCompiler.defaultValue(profile));
            for (SystemCall call : Calls.of(profile, own, new Random(seed))) {
                if (call.number() >= 0 && (call.number() & SyscallTable.X32_BIT) == 0) {
                    FilterQuestion.Answer answer = ask(profile, own, call);
                    String actual = Outcome.of(filter.run(call));
                    String message = "seed " + seed + ", " + call + ": " + answer;

                    assertEquals(List.of("return " + actual), answer.code(), message);
                    if (!answer.reasons().isEmpty()) {
                        assertEquals(actual, answer.reasons().get(0).outcome(), message);
                    } else if (answer.otherwise().orElseThrow().startsWith("its number")) {
                        assertEquals("ERRNO ENOSYS", actual, message);
                    } else {
                        assertEquals(byDefault, actual, message);
                    }
                }
            }
        }
    }

    private static FilterQuestion.Answer ask(Seccomp profile, Architecture own, SystemCall call) {
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
            arguments[i] = call.argument(i);
        }
        return FilterQuestion.ask(profile, own, Integer.toString(call.number()), arguments).get(0);
    }

    @Test
    void everyDifferenceThatShowsIsFound() {
        for (int seed = 0; seed < RANDOM_PROFILES; seed++) {
            RandomProfile random = random(seed);
            Architecture own = random.nativeArchitecture();
            Seccomp one = random.profile();
            Seccomp other = without(one, new Random(seed));
            Map<String, FilterComparison.Difference> differences = new HashMap<>();
            for (FilterComparison.Difference found : FilterComparison.of(one, other, own)) {
                found.calls().forEach(name -> differences.put(found.architecture() + name, found));
            }
            Simulator a = Simulator.of(FilterCompiler.compile(one, own));
            Simulator b = Simulator.of(FilterCompiler.compile(other, own));
            Map<Long, List<String>> named = SyscallNames.byNumber(own);
            for (SystemCall call : Calls.of(one, own, new Random(seed))) {
                List<String> names = named.get(Integer.toUnsignedLong(call.number()));
                if (names != null && a.run(call) != b.run(call)) {
                    FilterComparison.Difference found = differences.get(own + names.get(0));
                    String message = "seed " + seed + ", " + call;
                    assertTrue(
                            found != null,
                            message + new PlainReading(one, own).rules(own, call.number()));
                    assertEquals(
                            Outcome.of(a.run(call)),
                            PseudoCodeReader.run(found.first(), call),
                            message);
                    assertEquals(
                            Outcome.of(b.run(call)),
                            PseudoCodeReader.run(found.second(), call),
                            message);
                }
            }
            assertEquals(List.of(), FilterComparison.of(one, one, own));
        }
    }

    /** A profile that lacks one of the rules. */
    private static Seccomp without(Seccomp profile, Random random) {
        List<SyscallRule> rules = new ArrayList<>(profile.syscalls());
        if (!rules.isEmpty()) {
            rules.remove(random.nextInt(rules.size()));
        }
        return Profiles.of(profile.defaultAction(), profile.architectures(), rules);
    }

    /** The same ranges, in other words. */
    @Test
    void rulesThatOnlyLookDifferentAreNoDifference() {
        Seccomp one =
                Profiles.of(Action.ERRNO, rule(Action.ALLOW, "ioctl", when(1, Operator.LE, 7)));
        Seccomp other =
                Profiles.of(
                        Action.ERRNO,
                        rule(Action.ALLOW, "ioctl", when(1, Operator.EQ, 7)),
                        rule(Action.ALLOW, "ioctl", when(1, Operator.LT, 7)));
        Seccomp masked =
                Profiles.of(
                        Action.ERRNO, rule(Action.ALLOW, "ioctl", Profiles.whenMasked(1, -8, 0)));

        assertEquals(List.of(), FilterComparison.of(one, other, X86_64));
        assertEquals(List.of(), FilterComparison.of(one, masked, X86_64));
        assertEquals(List.of(), FilterComparison.of(masked, one, X86_64));
    }

    @Test
    void architectureThatOnlyOneFilterCoversIsADifference() {
        Seccomp narrow = Profiles.of(Action.ERRNO, rule(Action.ALLOW, "read"));
        Seccomp more = Profiles.of(Action.ERRNO, List.of(Architecture.X86), narrow.syscalls());

        List<FilterComparison.Difference> found = FilterComparison.of(narrow, more, X86_64);

        assertEquals(1, found.size());
        assertEquals(Architecture.X86, found.get(0).architecture());
        assertEquals(List.of(), found.get(0).calls());
        assertEquals(List.of("return KILL_THREAD"), found.get(0).first());
    }

    @Test
    void noCallTakesMoreInstructionsThanTheWorst() {
        for (int seed = 0; seed < RANDOM_PROFILES; seed++) {
            RandomProfile random = random(seed);
            BpfProgram program =
                    FilterCompiler.compile(random.profile(), random.nativeArchitecture());
            Simulator filter = Simulator.of(program);
            int worst = InstructionCount.of(program, random.nativeArchitecture()).worst();
            for (SystemCall call :
                    Calls.of(random.profile(), random.nativeArchitecture(), new Random(seed))) {
                filter.run(call);
                assertTrue(filter.steps() <= worst, () -> filter.steps() + " > " + worst);
            }
        }
    }

    @Test
    void averageIsOverTheNamedCallsOfTheMachine() {
        Seccomp profile =
                Profiles.of(
                        Action.ERRNO,
                        List.of(Architecture.X86),
                        List.of(rule(Action.ALLOW, "read"), rule(Action.ALLOW, "openat2")));
        BpfProgram program = FilterCompiler.compile(profile, X86_64);
        Simulator filter = Simulator.of(program);
        double sum = 0;
        int calls = 0;
        long worst = 0;
        for (int i = 0; i < SyscallTable.count(); i++) {
            int number = SyscallTable.number(X86_64, i);
            if (number != SyscallTable.ABSENT) {
                filter.run(new SystemCall(X86_64, number));
                sum += filter.steps();
                calls++;
                worst = Math.max(worst, filter.steps());
            }
        }

        InstructionCount count = InstructionCount.of(program, X86_64);

        assertEquals(calls, count.calls());
        assertEquals(sum / calls, count.average(), 1e-9);
        assertTrue(worst <= count.worst());
    }

    /**
     * Load the architecture, test it, load the number, test it; then one word in half the cases.
     */
    @Test
    void bothWaysCountAlikeWhereAnArgumentDecides() {
        Seccomp profile =
                Profiles.of(Action.ALLOW, rule(Action.ERRNO, "ioctl", when(1, Operator.EQ, 5)));
        BpfProgram program = FilterCompiler.compile(profile, X86_64);
        int calls = InstructionCount.of(program, X86_64).calls();
        Simulator filter = Simulator.of(program);
        int ioctl = SyscallTable.number(X86_64, SyscallTable.indexOf("ioctl"));
        filter.run(new SystemCall(X86_64, ioctl + 1));
        long plain = filter.steps();
        filter.run(new SystemCall(X86_64, ioctl, 0, 1L << 32));
        long highDiffers = filter.steps();
        filter.run(new SystemCall(X86_64, ioctl, 0, 5));
        long bothSame = filter.steps();

        double whole = InstructionCount.of(program, X86_64).average() * calls;

        double ioctls = highDiffers / 2.0 + bothSame / 2.0;
        assertEquals(plain * (calls - 1) + ioctls, whole, 1e-6);
    }

    @Test
    void valuesAreWrittenAsRanges() {
        Seccomp profile = Profiles.byDefault();

        assertEquals(
                List.of(
                        "if arg0 in 0..11, 13..18, 21..22, 24, 26..33, 35..36, 39, 41..45:"
                                + " return ALLOW",
                        "return ERRNO EPERM"),
                FilterQuestion.ask(profile, X86_64, "socket").get(0).code());
        assertEquals(
                List.of("if (arg0 & 0x7e020000) != 0: return ERRNO EPERM", "return ALLOW"),
                FilterQuestion.ask(profile, X86_64, "clone").get(0).code());
    }

    @Test
    void multiplexedCallIsAskedThere() {
        Seccomp profile =
                Profiles.of(
                        Action.ERRNO,
                        List.of(Architecture.X86),
                        List.of(rule(Action.ALLOW, "connect")));

        List<FilterQuestion.Answer> answers = FilterQuestion.ask(profile, X86_64, "connect", 1, 2);

        assertEquals(3, answers.size());
        assertEquals(Optional.of("socketcall"), answers.get(2).through());
        assertEquals(102, answers.get(2).number());
        assertEquals(List.of("return ALLOW"), answers.get(2).code());
        assertEquals(0, answers.get(2).reasons().get(0).index());
    }

    @Test
    void unknownCallIsReported() {
        Seccomp profile = Profiles.byDefault();

        Failure name =
                assertThrows(
                        Failure.class, () -> FilterQuestion.ask(profile, X86_64, "frobnicate"));
        Failure number =
                assertThrows(Failure.class, () -> FilterQuestion.ask(profile, X86_64, "1x"));

        assertTrue(name.getMessage().contains("\"frobnicate\" is no system call"));
        assertTrue(number.getMessage().contains("\"1x\" is neither a system call nor a number"));
    }
}
