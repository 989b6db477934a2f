// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talks to the real child, started by this JVM. Needs no root. */
class ChildKernelTest {
    @TempDir Path directory;
    private ChildKernel child;

    @BeforeEach
    void spawn() {
        try (Fd program = ChildProgram.sealed()) {
            child = ChildProgram.spawn(program, "child").kernel();
        }
    }

    @AfterEach
    void close() {
        child.close();
    }

    private int pid() {
        return (int) new Call(child, Syscall.GETPID, "").submit().result();
    }

    @Test
    void callIsMadeInAnotherProcess() {
        assertNotEquals(ProcessHandle.current().pid(), pid());
    }

    @Test
    void descriptorsFlowThroughOneBatch() throws Exception {
        Files.writeString(directory.resolve("hello"), "world");

        Fd below = child.files().open(directory.toString(), OpenFlag.DIRECTORY, OpenFlag.PATH);
        Fd file = child.files().openAt(below, "hello", OpenFlag.RDONLY);
        byte[] text = child.files().readAll(file);

        assertEquals("world", new String(text, StandardCharsets.UTF_8));
    }

    @Test
    void failureNamesCallSubjectAndErrno() {
        child.files().open("/no/such", OpenFlag.RDONLY);

        Failure failure = assertThrows(Failure.class, child::flush);

        assertEquals("openat /no/such: ENOENT", failure.getMessage());
        assertEquals(Optional.of(Errno.ENOENT), failure.errno());
    }

    @Test
    void callsAfterAFailureAreNotMade() {
        Fd here = child.files().open(directory.toString(), OpenFlag.DIRECTORY);
        child.files().open("/no/such", OpenFlag.RDONLY);
        child.directories().mkdir(here, "late", 0755).submit();

        assertThrows(Failure.class, child::flush);

        assertFalse(Files.exists(directory.resolve("late")));
    }

    @Test
    void callsThatDependOnAToleratedFailureAreSkipped() {
        Fd none = child.files().openIfExists(child.files().here(), "/no/such", OpenFlag.PATH);
        Call made = child.directories().mkdir(none, "x", 0755).submit();
        child.directories().mkdir(child.files().here(), directory + "/after", 0755).submit();
        child.flush();

        assertFalse(none.isOpen());
        assertEquals(Optional.of(Errno.ECANCELED), made.error());
        assertTrue(Files.exists(directory.resolve("after")));
    }

    @Test
    void ownDescriptorsTravelToTheChildAndBack() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "sent");
        try (Fd local = LocalKernel.get().files().open(file.toString(), OpenFlag.RDONLY)) {
            Fd theirs = child.descriptors().duplicate(local);
            Fd back = new Call(child, ChildOp.ATTACH, "f", theirs).submit().requireAttached();

            byte[] text = LocalKernel.get().files().readAll(back);

            assertEquals("sent", new String(text, StandardCharsets.UTF_8));
        }
    }

    @Test
    void clonedProcessAnswersOnItsOwnSocket() {
        Call clone = child.processes().cloneProcess(Set.of());
        ChildKernel grandchild = child.bornOf(clone, "grandchild");
        Call parent = new Call(grandchild, Syscall.GETPPID, "").submit();

        assertEquals(pid(), parent.result());
        grandchild.close();
        assertEquals(0, child.processes().await((int) clone.result(), true));
    }

    @Test
    void childEndsWhenItsSocketDoesAndRunsItsCleanupBatch() throws Exception {
        int pid = pid();
        child.directories().mkdir(child.files().here(), directory + "/cleanup", 0700).submit();
        child.sendAsCleanup();
        assertFalse(Files.exists(directory.resolve("cleanup")));

        child.close();
        ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());

        assertTrue(Files.exists(directory.resolve("cleanup")));
    }

    @Test
    void recordingIsPlayedLaterAndNamesItsFailure() {
        byte[] bytes =
                child.record(
                        later -> {
                            later.files().chdir("/").submit();
                            later.processes().exec("/no/program", List.of("x"), List.of());
                        });
        RecordedBatch recording = RecordedBatch.fromBytes(bytes);

        Failure failure = assertThrows(Failure.class, () -> recording.play(child.socket()));

        assertEquals("execve /no/program: ENOENT", failure.getMessage());
    }

    @Test
    void execveEndsTheConversation() {
        child.processes().exec("/bin/true", List.of("true"), List.of("A=b"));

        child.finish();
    }

    @Test
    void largeBatchesSurvive() {
        byte[] large = new byte[3 << 20];
        large[large.length - 1] = 7;
        Fd memory = child.descriptors().memoryFile("large");
        Arg data = Arg.data(large, "large");
        new Call(child, Syscall.WRITE, "", memory, data, Arg.of(large.length)).submit();

        assertArrayEquals(new byte[] {7}, child.files().readAt(memory, 10, large.length - 1));
    }

    @Test
    void signalsAreResetAndNothingIsInherited() throws Exception {
        String status = Files.readString(Path.of("/proc/" + pid() + "/status"));

        assertTrue(status.contains("SigBlk:\t0000000000000000"), status);
        assertTrue(status.contains("SigIgn:\t0000000000000000"), status);
        String exe = Files.readSymbolicLink(Path.of("/proc/" + pid() + "/exe")).toString();
        assertEquals("/memfd:jrunc (deleted)", exe);
    }

    @Test
    void unknownFlagsAreShownInFailures() {
        child.processes().unshare(EnumSet.of(CloneFlag.NEWUTS, CloneFlag.PARENT));

        Failure failure = assertThrows(Failure.class, child::flush);

        assertEquals("unshare CLONE_PARENT|CLONE_NEWUTS: EINVAL", failure.getMessage());
    }
}
