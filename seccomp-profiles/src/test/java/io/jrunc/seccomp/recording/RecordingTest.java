// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.recording;

import static io.jrunc.seccomp.explain.FilterReview.Verdict.ALLOWED;
import static io.jrunc.seccomp.explain.FilterReview.Verdict.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.explain.FilterReview;
import io.jrunc.seccomp.explain.RuleExplainer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final int NEWUSER = 0x1000_0000;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int SOCKETCALL_SOCKET = 1;
    private static final int SOCKETCALL_BIND = 2;

    private final Recording recording = new Recording();

    private void seen(Architecture architecture, String name, long... arguments) {
        int number = SyscallTable.number(architecture, SyscallTable.indexOf(name));
        assertTrue(number != SyscallTable.ABSENT, name);
        recording.add(new ObservedCall(architecture, number, six(arguments)));
    }

    private void seen(String name, long... arguments) {
        seen(Architecture.X86_64, name, arguments);
    }

    private static List<Long> six(long... arguments) {
        return LongStream.of(Arrays.copyOf(arguments, 6)).boxed().toList();
    }

    private FilterReview review() {
        return FilterReview.of(recording.profile(), Architecture.X86_64);
    }

    @Test
    void whatWasSeenIsAllowedAndNothingElse() {
        seen("read", 1, 2, 3);
        seen("mkdir");

        Seccomp profile = recording.profile();

        assertEquals(Action.ERRNO, profile.defaultAction());
        assertEquals(List.of(Architecture.X86_64), profile.architectures());
        assertEquals(1, profile.syscalls().size());
        assertEquals(List.of("mkdir", "read"), profile.syscalls().get(0).names());
        assertEquals(REFUSED, review().verdict("write"));
    }

    @Test
    void familiesOfSocketsAreKept() {
        seen("socket", AF_UNIX, 5);
        seen("socket", AF_INET, 1);

        assertEquals(ALLOWED, review().verdict("socket", AF_UNIX));
        assertEquals(ALLOWED, review().verdict("socket", AF_INET));
        assertEquals(REFUSED, review().verdict("socket", AF_INET + 1));
    }

    @Test
    void ofTheFlagsOfCloneOnlyNamespacesCount() {
        seen("clone", 0x11);

        assertEquals(ALLOWED, review().verdict("clone", 0x3d0f00));
        assertEquals(REFUSED, review().verdict("clone", NEWUSER | 0x11));
    }

    /** A program of another libc extends the sign of what is an unsigned int. */
    @Test
    void upperHalfOfAnIntDoesNotCount() {
        seen("ioctl", 3, 0xffff_ffff_8004_5430L);

        assertEquals(ALLOWED, review().verdict("ioctl", 9, 0x8004_5430L));
        assertEquals(ALLOWED, review().verdict("ioctl", 9, 0xffff_ffff_8004_5430L));
        assertEquals(REFUSED, review().verdict("ioctl", 9, 0x8004_5431L));
    }

    @Test
    void callWithoutAFixedSetOfValuesIsAllowedAltogether() {
        for (int i = 0; i < 65; i++) {
            seen("ioctl", 0, i);
        }

        assertEquals(List.of("ioctl"), recording.profile().syscalls().get(0).names());
        assertEquals(1, recording.profile().syscalls().size());
    }

    @Test
    void whatIsReachedThroughAMultiplexerIsNamed() {
        seen(Architecture.X86, "socketcall", SOCKETCALL_SOCKET);
        seen(Architecture.X86, "socketcall", SOCKETCALL_BIND);
        seen(Architecture.X86, "ipc", 23);

        Seccomp profile = recording.profile();

        assertEquals(List.of("bind", "shmget", "socket"), profile.syscalls().get(0).names());
        assertEquals(List.of(Architecture.X86), profile.architectures());
    }

    /** The rule with the family opens socketcall(2) as well, where no filter sees the family. */
    @Test
    void familyOfTheNativeCallIsKeptBesideAMultiplexedOne() {
        seen(Architecture.X86, "socketcall", SOCKETCALL_SOCKET);
        seen("socket", AF_UNIX);

        Seccomp profile = recording.profile();

        assertEquals(REFUSED, review().verdict("socket", AF_INET));
        RuleExplainer explainer = RuleExplainer.of(profile, Architecture.X86_64);
        int socketcall = SyscallTable.number(Architecture.X86, SyscallTable.indexOf("socketcall"));
        ObservedCall call =
                new ObservedCall(Architecture.X86, socketcall, six(SOCKETCALL_SOCKET, 99));
        assertEquals(Action.ALLOW, explainer.rule(call).action());
    }

    @Test
    void whatTheKernelMakesOfCallsIsAdded() {
        seen("rt_sigaction");
        seen("nanosleep");

        assertEquals(
                List.of("nanosleep", "restart_syscall", "rt_sigaction", "rt_sigreturn"),
                recording.profile().syscalls().get(0).names());
    }

    @Test
    void callsWithoutANameAreReported() {
        recording.add(new ObservedCall(Architecture.X86_64, 4711, six()));

        assertEquals(List.of("4711 of SCMP_ARCH_X86_64"), recording.nameless());
        assertEquals(List.of(), recording.profile().syscalls());
    }

    @Test
    void recordingGoesOnWhereAnotherEnded() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            Recording first = new Recording();
            for (int i = 0; i < 30; i++) {
                List<Long> arguments = six(random.nextInt(4), random.nextInt(4));
                first.add(new ObservedCall(Architecture.X86_64, random.nextInt(330), arguments));
            }

            Recording second = Recording.continuing(first.profile(), "file");

            assertEquals(first.profile(), second.profile());
        }
    }

    @Test
    void onlyARecordingIsContinued() {
        SyscallRule denying = Profiles.rule(Action.ERRNO, "read");
        SyscallRule other = Profiles.rule(Action.ALLOW, "read", Profiles.when(0, Operator.GT, 3));
        for (Seccomp profile :
                List.of(
                        Profiles.of(Action.ALLOW),
                        Profiles.of(Action.ERRNO, denying),
                        Profiles.of(Action.ERRNO, other))) {
            Failure f = assertThrows(Failure.class, () -> Recording.continuing(profile, "p.json"));
            assertTrue(f.getMessage().startsWith("p.json: is no recording: "), f.getMessage());
        }
    }
}
