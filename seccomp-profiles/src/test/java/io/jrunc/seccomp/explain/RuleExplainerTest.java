// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Calls;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.RandomProfile;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.recording.ObservedCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RuleExplainerTest {
    private static final int ERRNO = 0x0005_0000;
    private static final Pattern RULE =
            Pattern.compile("linux\\.seccomp\\.syscalls\\[(\\d+)] \\(.*");

    private static ObservedCall call(String name, Long... arguments) {
        int number = SyscallTable.number(Architecture.X86_64, SyscallTable.indexOf(name));
        return new ObservedCall(
                Architecture.X86_64,
                number,
                arguments.length == 0 ? List.of() : Arrays.asList(Arrays.copyOf(arguments, 6)));
    }

    private static ObservedCall known(String name, long first) {
        return call(name, first, 0L, 0L, 0L, 0L, 0L);
    }

    private static RuleExplainer explainer(Action byDefault, SyscallRule... rules) {
        return RuleExplainer.of(Profiles.of(byDefault, rules), Architecture.X86_64);
    }

    @Test
    void ruleThatDecidesIsNamed() {
        RuleExplainer explainer =
                explainer(
                        Action.ALLOW,
                        rule(Action.LOG, "read"),
                        rule(Action.ERRNO, "mkdir"),
                        rule(Action.ERRNO, 38, "clone3"));

        Verdict verdict = explainer.rule(known("clone3", 0));

        assertEquals(Optional.of(verdict), explainer.denial(known("clone3", 0)));
        assertEquals(OptionalInt.of(38), verdict.errno());
        assertEquals("linux.seccomp.syscalls[2] (clone3): SCMP_ACT_ERRNO ENOSYS", verdict.rule());
        assertEquals(Optional.empty(), explainer.denial(known("read", 0)), "logged, and made");
        assertEquals(
                "linux.seccomp.defaultAction: SCMP_ACT_ALLOW",
                explainer.rule(known("write", 0)).rule());
    }

    @Test
    void argumentsTellRulesApart() {
        RuleExplainer explainer =
                explainer(
                        Action.ALLOW,
                        rule(Action.ERRNO, 1, "socket", when(0, Operator.EQ, 16)),
                        rule(Action.ERRNO, 1, "socket", when(0, Operator.EQ, 17)));

        assertTrue(explainer.rule(known("socket", 17)).rule().contains("syscalls[1]"));
        assertTrue(explainer.rule(known("socket", 16)).rule().contains("syscalls[0]"));
        assertTrue(explainer.rule(known("socket", 1)).rule().contains("defaultAction"));
    }

    @Test
    void unknownArgumentsLeaveTheAction() {
        RuleExplainer explainer =
                explainer(
                        Action.ERRNO,
                        rule(Action.ALLOW, "socket", when(0, Operator.EQ, 16)),
                        rule(Action.KILL_PROCESS, "socket", when(0, Operator.EQ, 17)));

        int kill = 0x8000_0000;
        assertTrue(explainer.denial(call("socket"), kill).get().rule().contains("syscalls[1]"));
        assertTrue(explainer.denial(call("socket"), ERRNO).get().rule().contains("defaultAction"));
        assertEquals(Optional.empty(), explainer.denial(call("bind"), kill), "another filter's");
        assertEquals(Optional.empty(), explainer.denial(call("socket"), 0x7fff_0000), "allowed");
    }

    @Test
    void callsWithoutARuleAreReported() {
        RuleExplainer explainer = explainer(Action.KILL_PROCESS, rule(Action.ALLOW, "mkdir"));

        assertTrue(explainer.rule(known("mseal", 0)).rule().contains("newer than all calls"));
        ObservedCall foreign = new ObservedCall(Architecture.X86, 1, known("read", 0).arguments());
        assertEquals(
                "linux.seccomp.architectures: SCMP_ARCH_X86 is not in it",
                explainer.rule(foreign).rule());
    }

    /** What it says is what the compiled filter answers, and the part that it names says so. */
    @Test
    void verdictIsTheFiltersOwn() {
        Random random = new Random(7);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SyscallTable.count(); i++) {
            names.add(SyscallTable.name(i));
        }
        for (int round = 0; round < 15; round++) {
            RandomProfile drawn = new RandomProfile(random, names, false);
            Seccomp profile = drawn.profile();
            Architecture own = drawn.nativeArchitecture();
            RuleExplainer explainer = RuleExplainer.of(profile, own);
            Simulator filter = Simulator.of(FilterCompiler.compile(profile, own));
            for (Architecture architecture : Calls.architectures(profile, own)) {
                for (SystemCall call : Calls.of(profile, architecture, random)) {
                    check(profile, call, filter.run(call), explainer.rule(observed(call)));
                }
            }
        }
    }

    private static ObservedCall observed(SystemCall call) {
        List<Long> arguments = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            arguments.add(call.argument(i));
        }
        return ObservedCall.of(call.architecture().auditArch(), call.number(), arguments)
                .orElseThrow();
    }

    private static void check(Seccomp profile, SystemCall call, int answer, Verdict verdict) {
        assertEquals(answer & 0xffff_0000, verdict.action().returnValue(0), call::toString);
        assertEquals(verdict.errno().orElse(0), errno(answer), call::toString);
        Matcher rule = RULE.matcher(verdict.rule());
        if (rule.matches()) {
            SyscallRule named = profile.syscalls().get(Integer.parseInt(rule.group(1)));
            int value = named.action().returnValue(named.errnoRet().orElse(1));
            assertEquals(answer & 0xffff_0000, value & 0xffff_0000, verdict::rule);
        } else if (verdict.rule().contains("defaultAction")) {
            assertEquals(
                    answer & 0xffff_0000, profile.defaultAction().returnValue(0), verdict::rule);
        } else if (verdict.rule().contains("newer")) {
            assertEquals(ERRNO | 38, answer, () -> call + " " + profile);
        } else {
            assertEquals(0, answer, verdict::rule);
        }
    }

    /** Of an error; the filter may return data with other actions, too. */
    private static int errno(int answer) {
        return (answer & 0xffff_0000) == ERRNO ? answer & 0xffff : 0;
    }
}
