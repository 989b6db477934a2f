// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static io.jrunc.seccomp.explain.FilterReview.Verdict.ALLOWED;
import static io.jrunc.seccomp.explain.FilterReview.Verdict.REFUSED;
import static io.jrunc.seccomp.explain.FilterReview.Verdict.SOMETIMES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.Simulator;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.SystemCall;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilterReviewTest {
    private static final long NEWUSER = 0x1000_0000;

    private static FilterReview review(Seccomp profile) {
        return FilterReview.of(profile, Architecture.X86_64);
    }

    @Test
    void defaultProfileLetsNoUserNamespaceBeMade() {
        FilterReview review = review(Profiles.byDefault());

        assertEquals(ALLOWED, review.verdict("read"));
        assertEquals(REFUSED, review.verdict("mount"));
        assertEquals(SOMETIMES, review.verdict("clone"));
        assertEquals(REFUSED, review.verdict("clone", NEWUSER));
        assertEquals(ALLOWED, review.verdict("clone", 17));
        assertEquals(REFUSED, review.verdict("clone3"));
        assertEquals(REFUSED, review.verdict("personality", 0x40000));
        assertEquals(ALLOWED, review.verdict("personality", 8));
        assertEquals(REFUSED, review.verdict("no_such_call"));
    }

    @Test
    void everyArchitectureIsAsked() {
        Seccomp native_ = Profiles.of(Action.ERRNO, rule(Action.ALLOW, "umount"));
        Seccomp both =
                Profiles.of(
                        Action.ERRNO,
                        List.of(Architecture.X86),
                        List.of(rule(Action.ALLOW, "umount")));

        assertEquals(REFUSED, review(native_).verdict("umount")); // only x86 has it
        assertEquals(ALLOWED, review(both).verdict("umount"));
    }

    @Test
    void loggedAndTracedCallsAreMade() {
        Seccomp profile =
                Profiles.of(
                        Action.KILL_PROCESS,
                        rule(Action.LOG, "mount"),
                        rule(Action.TRACE, "bpf"),
                        rule(Action.NOTIFY, "keyctl"),
                        rule(Action.ALLOW, "ioctl", when(1, Operator.EQ, 5)));

        assertEquals(ALLOWED, review(profile).verdict("mount"));
        assertEquals(ALLOWED, review(profile).verdict("bpf"));
        assertEquals(REFUSED, review(profile).verdict("keyctl"));
        assertEquals(SOMETIMES, review(profile).verdict("ioctl"));
        assertEquals(SOMETIMES, review(profile).verdict("ioctl", 7));
        assertEquals(ALLOWED, review(profile).verdict("ioctl", 7, 5));
        assertEquals(REFUSED, review(profile).verdict("ioctl", 7, 6));
    }

    /** The oracle runs the instructions themselves. */
    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"X86_64", "AARCH64", "S390X"})
    void reviewAgreesWithTheInstructions(Architecture architecture) {
        Random random = new Random(7);
        Seccomp profile =
                Profiles.of(
                        Action.ERRNO, Profiles.byDefault().syscalls().toArray(new SyscallRule[0]));
        Simulator simulator = Simulator.of(FilterCompiler.compile(profile, architecture));
        FilterReview review = FilterReview.of(profile, architecture);
        for (int i = 0; i < 20_000; i++) {
            int index = random.nextInt(SyscallTable.count());
            int number = SyscallTable.number(architecture, index);
            long[] arguments = new long[6];
            for (int j = 0; j < 6; j++) {
                arguments[j] = random.nextBoolean() ? random.nextInt(64) : random.nextLong();
            }
            if (number != SyscallTable.ABSENT) {
                SystemCall call = new SystemCall(architecture, number, arguments);
                boolean allowed = simulator.run(call) == Action.ALLOW.returnValue(0);

                assertEquals(
                        allowed ? ALLOWED : REFUSED,
                        review.verdict(SyscallTable.name(index), arguments),
                        () -> SyscallTable.name(index) + call);
            }
        }
    }
}
