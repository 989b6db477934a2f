package io.jrunc.seccomp;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#seccomp. */
class ProfileCheckTest {
    private static void assertRefused(String message, Seccomp profile) {
        Failure failure = assertThrows(Failure.class, () -> ProfileCheck.check(profile));

        assertEquals(message, failure.getMessage());
    }

    @Test
    void defaultProfileIsFine() {
        assertDoesNotThrow(() -> ProfileCheck.check(Profiles.byDefault()));
    }

    @Test
    void notifyIsNoDefault() {
        assertRefused(
                "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default action",
                Profiles.of(Action.NOTIFY));
    }

    @Test
    void writeCannotNotify() {
        assertRefused(
                "linux.seccomp.syscalls[1].names: SCMP_ACT_NOTIFY cannot be used for the write"
                        + " system call",
                Profiles.of(
                        Action.ALLOW, rule(Action.KILL, "write"), rule(Action.NOTIFY, "write")));
    }

    @Test
    void notifyNeedsAListener() {
        assertRefused(
                "linux.seccomp.listenerPath: SCMP_ACT_NOTIFY needs it",
                Profiles.of(Action.ALLOW, rule(Action.NOTIFY, "mkdir")));
    }

    @Test
    void errorNeedsAnActionThatReturnsIt() {
        assertRefused(
                "linux.seccomp.syscalls[0].errnoRet: SCMP_ACT_ALLOW returns no error",
                Profiles.of(Action.ERRNO, rule(Action.ALLOW, 5, "mkdir")));
        assertRefused(
                "linux.seccomp.defaultErrnoRet: SCMP_ACT_LOG returns no error",
                new Seccomp(
                        Action.LOG,
                        OptionalInt.of(1),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
    }

    @Test
    void errorHasItsRange() {
        assertRefused(
                "linux.seccomp.syscalls[0].errnoRet: 65536 is not between 0 and 65535",
                Profiles.of(Action.ALLOW, rule(Action.ERRNO, 65_536, "mkdir")));
    }

    @Test
    void thereAreSixArguments() {
        assertRefused(
                "linux.seccomp.syscalls[0].args: a system call has no argument 6",
                Profiles.of(Action.ALLOW, rule(Action.KILL, "mkdir", when(6, Operator.EQ, 1))));
    }

    @Test
    void ruleNeedsAName() {
        assertRefused(
                "linux.seccomp.syscalls[0].names: is empty",
                Profiles.of(
                        Action.ALLOW,
                        new SyscallRule(List.of(), Action.KILL, OptionalInt.empty(), List.of())));
    }
}
