// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts, decisions, checks and origins, with a real child. Needs no root. */
class DeferredCallsTest {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final int S_IFCHR = 0020000;

    @TempDir Path directory;
    private final List<String> done = new ArrayList<>();
    private ChildKernel child;
    private Fd here;

    @BeforeEach
    void spawn() {
        try (Fd program = ChildProgram.sealed()) {
            child = ChildProgram.spawn(program, "child").kernel();
        }
        here = child.files().open(directory.toString(), OpenFlag.DIRECTORY);
    }

    @AfterEach
    void close() {
        child.close();
    }

    private void make(String name) {
        child.directories().mkdir(here, name, 0755).submit();
    }

    private boolean isMade(String name) {
        return Files.exists(directory.resolve(name));
    }

    private void fail() {
        child.files().open("/no/such", OpenFlag.RDONLY);
    }

    private long openDescriptors() {
        try (Fd all = child.files().open("/proc/self/fd", OpenFlag.DIRECTORY)) {
            return child.directories().list(all).size();
        }
    }

    @Test
    void failedAttemptIsReplacedBeforeLaterCallsAreMade() {
        make("before");
        child.attempt(
                () -> {
                    fail();
                    make("attempted");
                },
                failure -> {
                    done.add(failure.getMessage());
                    assertTrue(isMade("before"));
                    assertFalse(isMade("after"));
                    make("replacement");
                });
        child.directories().mkdir(here, "replacement/after", 0755).submit();

        child.flush();

        assertEquals(List.of("openat /no/such: ENOENT"), done);
        assertFalse(isMade("attempted"));
        assertTrue(isMade("replacement/after"));
    }

    @Test
    void successfulAttemptIsNotReplaced() {
        child.attempt(() -> make("attempted"), failure -> done.add("replaced"));

        child.flush();

        assertTrue(isMade("attempted"));
        assertEquals(List.of(), done);
    }

    @Test
    void failedAttemptClosesWhatItHasOpened() {
        long before = openDescriptors();
        child.attempt(
                () -> {
                    try (Fd open = child.files().open("/", OpenFlag.PATH)) {
                        child.files().openAt(open, "no-such", OpenFlag.PATH).close();
                    }
                },
                failure -> {});

        child.flush();

        assertEquals(before, openDescriptors());
    }

    @Test
    void replacementMayUseWhatIsClosedAfterTheAttempt() {
        try (Fd root = child.files().open(directory.toString(), OpenFlag.PATH)) {
            Fd lent = root.lent();
            child.attempt(
                    this::fail, failure -> child.directories().mkdir(lent, "below", 0755).submit());
        }

        child.flush();

        assertTrue(isMade("below"));
    }

    @Test
    void descriptorThatNothingTakesIsClosedAfterAFailure() {
        Call sent = new Call(child, ChildOp.ATTACH, "sent", here).submit();
        child.then(
                () -> {
                    throw Failure.of(Failure.Code.MOUNT, "no");
                });

        assertThrows(Failure.class, child::flush);

        assertFalse(sent.requireAttached().isOpen());
    }

    @Test
    void failureOfTheReplacementEndsAll() {
        child.attempt(
                this::fail,
                failure -> {
                    throw failure.during("replacing");
                });
        make("after");

        Failure failure = assertThrows(Failure.class, child::flush);

        assertEquals("replacing: openat /no/such: ENOENT", failure.getMessage());
        child.flush();
        assertFalse(isMade("after"));
    }

    @Test
    void attemptThatWaitsIsADefect() {
        assertThrows(
                IllegalStateException.class,
                () -> child.attempt(() -> child.files().stat(here), failure -> {}));
    }

    @Test
    void attemptOfThisProcessIsReplacedAtOnce() {
        LocalKernel local = LocalKernel.get();

        local.attempt(
                () -> local.files().open("/no/such", OpenFlag.RDONLY),
                failure -> done.add(failure.getMessage()));

        assertEquals(List.of("openat /no/such: ENOENT"), done);
    }

    @Test
    void decisionIsMadeInTheBatchesAnswerAndMaySubmitCalls() {
        Call pid = new Call(child, Syscall.GETPID, "").submit();
        child.then(
                () -> {
                    assertTrue(pid.isDone());
                    assertTrue(isMade("later"));
                    make("decided");
                });
        make("later");

        child.flush();

        assertTrue(isMade("decided"));
    }

    @Test
    void decisionsBeforeAFailureAreMadeFirst() {
        child.then(() -> done.add("first"));
        fail();
        child.then(() -> done.add("second"));

        assertThrows(Failure.class, child::flush);

        assertEquals(List.of("first"), done);
    }

    @Test
    void decisionsAfterAFailedAttemptFollowItsReplacement() {
        child.attempt(this::fail, failure -> done.add("replacement"));
        child.then(() -> done.add("decision"));
        make("after");

        child.flush();

        assertEquals(List.of("replacement", "decision"), done);
        assertTrue(isMade("after"));
    }

    @Test
    void failureOriginatesFromWhatItsCallWasMadeFor() {
        child.attribute("one");
        fail();
        child.attribute("two");
        make("after");

        Failure failure = assertThrows(Failure.class, child::flush);

        assertEquals(Optional.of("one"), failure.origin());
        assertEquals(Optional.of("one"), failure.during("more").origin());
    }

    @Test
    void failureOfADecisionOriginatesFromWhatItWasMadeFor() {
        child.attribute("one");
        child.then(
                () -> {
                    throw Failure.of(Failure.Code.MOUNT, "no");
                });
        child.attribute("two");
        make("after");

        assertEquals(Optional.of("one"), assertThrows(Failure.class, child::flush).origin());
    }

    @Test
    void nothingAfterAFailedCheckIsMade() {
        Fd proc = child.files().open("/proc", OpenFlag.PATH);
        child.files().checkNotIn(PROC_SUPER_MAGIC, proc);
        make("after");

        Failure failure = assertThrows(Failure.class, child::flush);

        assertEquals("check /proc: EBADMSG", failure.getMessage());
        assertFalse(isMade("after"));
    }

    @Test
    void callsAfterAPassedCheckAreMade() {
        child.files().checkNotIn(PROC_SUPER_MAGIC, here);
        make("after");

        child.flush();

        assertTrue(isMade("after"));
    }

    @Test
    void deviceIsChecked() {
        Fd nothing = child.files().open("/dev/null", OpenFlag.PATH);

        child.files().statResult(nothing).checkDevice(S_IFCHR, 1, 3);
        child.flush();
        child.files().statResult(nothing).checkDevice(S_IFCHR, 1, 5);
        assertEquals(Optional.of(Errno.EBADMSG), assertThrows(Failure.class, child::flush).errno());
        child.files().statResult(here).checkDevice(S_IFCHR, 0, 0);
        assertEquals(Optional.of(Errno.EBADMSG), assertThrows(Failure.class, child::flush).errno());
    }

    @Test
    void checksInThisProcessAreTheSame() {
        LocalKernel local = LocalKernel.get();
        try (Fd nothing = local.files().open("/dev/null", OpenFlag.PATH);
                Fd proc = local.files().open("/proc", OpenFlag.PATH)) {
            local.files().statResult(nothing).checkDevice(S_IFCHR, 1, 3);
            local.files().checkNotIn(PROC_SUPER_MAGIC, nothing);
            Failure failure =
                    assertThrows(
                            Failure.class, () -> local.files().checkNotIn(PROC_SUPER_MAGIC, proc));
            assertEquals("check /proc: EBADMSG", failure.getMessage());
        }
    }

    @Test
    void callIsSkippedAfterAToleratedFailure() {
        Call missing = child.files().askFor(here, "missing");
        Call present = child.files().askFor(here, ".");
        child.directories().mkdir(here, "one", 0755).after(missing).submit();
        child.directories().mkdir(here, "two", 0755).after(present).submit();

        child.flush();

        assertFalse(isMade("one"));
        assertTrue(isMade("two"));
    }
}
