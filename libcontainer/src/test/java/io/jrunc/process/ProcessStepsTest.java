// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.credentials.Identity;
import io.jrunc.linux.Arg;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.namespace.JoinNamespaces;
import io.jrunc.program.FindProgram;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What single steps ask of the kernel, and in which order. */
class ProcessStepsTest {
    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100755;
    private static final Identity USER = new Identity(1000, 100, Optional.of(List.of()));

    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    private Failure failure(Step step) {
        return assertThrows(Failure.class, () -> step.apply(context));
    }

    private static FindProgram find(String name, String... path) {
        return new FindProgram(name, List.of(path), List.of(), USER, 0);
    }

    /** What is read is a program of which nothing is known: one that cannot be read. */
    private void unreadablePrograms() {
        kernel.statx("", FILE);
        kernel.fail("openat(AT_FDCWD, \"/proc/self/fd/", Errno.EACCES);
    }

    @Test
    void programIsLookedForAsItsUserInTheOrderOfThePath() {
        unreadablePrograms();
        kernel.fail("faccessat2(AT_FDCWD, \"/bin/sh\"", Errno.ENOENT);

        find("sh", "/bin", "/usr/bin", "/late").apply(context);

        assertEquals("/usr/bin/sh", context.program().executable());
        assertEquals(
                List.of(
                        "setgroups(0, [])",
                        "setresgid(-1, 100, -1)",
                        "setresuid(-1, 1000, -1)",
                        "faccessat2(AT_FDCWD, \"/bin/sh\", 1, 512)",
                        "faccessat2(AT_FDCWD, \"/usr/bin/sh\", 1, 512)",
                        "faccessat2(AT_FDCWD, \"/late/sh\", 1, 512)",
                        "setresuid(-1, 0, -1)",
                        "setresgid(-1, 0, -1)"),
                kernel.calls().subList(0, 8));
    }

    @Test
    void emptyEntryOfThePathIsTheWorkingDirectory() {
        kernel.fail("faccessat2", Errno.ENOENT);

        failure(find("sh", ""));

        assertEquals(1, kernel.calls("faccessat2(AT_FDCWD, \"./sh\"").size());
    }

    @Test
    void missingProgramIsReportedWithThePath() {
        kernel.fail("faccessat2", Errno.ENOENT);

        assertEquals(
                "exec: \"sh\": executable file not found in $PATH (PATH is /bin:/usr/bin)",
                failure(find("sh", "/bin", "/usr/bin")).getMessage());
        assertEquals(
                "exec: \"sh\": executable file not found in $PATH (process.env has no PATH)",
                failure(find("sh")).getMessage());
    }

    @Test
    void programThatIsNotExecutableIsReportedApart() {
        kernel.fail("faccessat2(AT_FDCWD, \"/bin/sh\"", Errno.EACCES);
        kernel.fail("faccessat2(AT_FDCWD, \"/usr/bin/sh\"", Errno.ENOENT);

        Failure failure = failure(find("sh", "/bin", "/usr/bin"));

        assertTrue(
                failure.getMessage().startsWith("exec: \"sh\": permission denied"),
                failure.getMessage());
        assertEquals(Optional.of(Errno.EACCES), failure.errno());
    }

    @Test
    void directoryIsNoProgram() {
        kernel.statx("", DIRECTORY);

        assertEquals(
                Optional.of(Errno.EACCES),
                failure(find("/etc")).errno(),
                "a directory may be searched");
        assertEquals(Optional.of(Errno.EACCES), failure(find("etc", "/")).errno());
    }

    @Test
    void pathWithASlashIsNotLookedForElsewhere() {
        kernel.fail("faccessat2", Errno.ENOENT);

        Failure failure = failure(find("./run", "/bin"));

        assertEquals(1, kernel.calls("faccessat2").size());
        assertTrue(failure.getMessage().startsWith("exec: \"./run\": "), failure.getMessage());
        assertEquals(Optional.of(Errno.ENOENT), failure.errno());
    }

    private void workingDirectoryIs(String path) {
        kernel.answer(
                "getcwd",
                call -> {
                    byte[] text = path.getBytes(StandardCharsets.UTF_8);
                    System.arraycopy(text, 0, ((Arg.Out) call.args()[0]).bytes(), 0, text.length);
                    return text.length + 1L;
                });
    }

    @Test
    void workingDirectoryInsideIsEntered() {
        workingDirectoryIs("/srv");

        new EnterDirectory("/srv", USER).apply(context);

        assertEquals("chdir(\"/srv\")", kernel.calls().get(0));
        assertEquals(2, kernel.calls().size());
    }

    @Test
    void directoryThatOnlyTheUserMayEnterIsEnteredAsTheUser() {
        workingDirectoryIs("/home/web");
        int[] attempts = {0};
        kernel.answer("chdir", call -> attempts[0]++ == 0 ? -Errno.EACCES.number() : 0);

        new EnterDirectory("/home/web", USER).apply(context);

        assertEquals(2, kernel.calls("chdir").size());
        int second = kernel.calls().lastIndexOf("chdir(\"/home/web\")");
        assertEquals("setresuid(-1, 1000, -1)", kernel.calls().get(second - 1));
        assertEquals("setresuid(-1, 0, -1)", kernel.calls().get(second + 1));
    }

    @Test
    void workingDirectoryOutsideTheRootIsABreakout() {
        workingDirectoryIs("(unreachable)/root");
        Step enter = new EnterDirectory("/proc/self/fd/7", USER);
        assertTrue(failure(enter).getMessage().contains("possible container breakout detected"));

        kernel.fail("getcwd", Errno.ENOENT);
        assertTrue(failure(enter).getMessage().contains("possible container breakout detected"));
    }

    private static JoinNamespaces join() {
        return new JoinNamespaces(
                List.of(
                        JoinNamespaces.Joined.at("/ns/net", CloneFlag.NEWNET),
                        JoinNamespaces.Joined.at("/ns/user", CloneFlag.NEWUSER)));
    }

    @Test
    void namespacesAreAllOpenedBeforeAnyIsJoined() {
        join().apply(context);

        assertEquals(
                List.of(
                        "prctl(4, 0)",
                        "openat(AT_FDCWD, \"/ns/net\", O_RDONLY|O_CLOEXEC)",
                        "openat(AT_FDCWD, \"/ns/user\", O_RDONLY|O_CLOEXEC)",
                        "setns(100</ns/net>, CLONE_NEWNET)",
                        "setns(101</ns/user>, CLONE_NEWUSER)",
                        "setresgid(0, 0, 0)",
                        "setresuid(0, 0, 0)"),
                kernel.calls());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void namespaceOfTheUserNamespaceIsJoinedAfterIt() {
        int[] attempts = {0};
        kernel.answer("setns(100", call -> attempts[0]++ == 0 ? -Errno.EPERM.number() : 0);

        join().apply(context);

        assertEquals(
                List.of(
                        "setns(100</ns/net>, CLONE_NEWNET)",
                        "setns(101</ns/user>, CLONE_NEWUSER)",
                        "setns(100</ns/net>, CLONE_NEWNET)"),
                kernel.calls("setns"));
    }

    @Test
    void namespaceThatMayNotBeJoinedIsReportedWithARemedy() {
        kernel.fail("setns(100", Errno.EPERM);

        assertEquals(
                "setns /ns/net: EPERM"
                        + " (it belongs to another user namespace; join that one as well)",
                failure(join()).getMessage());
    }

    @Test
    void flagsOfTheFilterAreTriedBeforeTheyAreNeeded() {
        kernel.fail("seccomp(1, 2", Errno.EFAULT);
        new CheckFilterFlags(2).apply(context);
        assertEquals(List.of("seccomp(1, 2, 0)"), kernel.calls());

        kernel.fail("seccomp(1, 32", Errno.EINVAL);
        assertEquals(
                "seccomp filter: EINVAL (this kernel does not know one of linux.seccomp.flags)",
                failure(new CheckFilterFlags(32)).getMessage());
    }

    @Test
    void homeDirectoryIsReadFromAFileThatIsOne() {
        context.setRoot(Fd.of(kernel, 9, "rootfs"));
        kernel.statx("", 0010644); // a pipe in place of /etc/passwd

        new FindHome(1000).apply(context);

        assertEquals("/", context.program().home());
        assertEquals(List.of(), kernel.calls("read"));
        assertTrue(kernel.calls("openat2").get(0).contains("O_PATH"));
        assertEquals(List.of(), kernel.calls("openat("));
    }

    /** A device acts when it is opened, and init is not in its device cgroup yet. */
    @Test
    void devicesOfTheImageAreLookedAtAndNeverOpened() {
        context.setRoot(Fd.of(kernel, 9, "rootfs"));
        kernel.statx("", 0020755);

        new FindHome(1000).apply(context);
        failure(find("/dev/nvram"));

        for (String open : kernel.calls("openat")) {
            assertTrue(open.contains("O_PATH"), open);
        }
    }

    @Test
    void capabilitiesOfTheProgramCountWhenItIsLookedFor() {
        unreadablePrograms();
        kernel.answer(
                "capget",
                call -> {
                    ((Arg.Out) call.args()[1]).buffer().putInt(4, 0b1111).putInt(16, 0);
                    return 0;
                });

        new FindProgram("/bin/sh", List.of(), List.of(), USER, 0b1010).apply(context);

        List<String> calls = kernel.calls();
        int user = calls.indexOf("setresuid(-1, 1000, -1)");
        String capset = kernel.calls("capset").get(0);
        assertTrue(capset.contains("effective=0x2, permitted=0xf"), capset);
        assertEquals(user + 1, calls.indexOf(capset));
        assertEquals("faccessat2(AT_FDCWD, \"/bin/sh\", 1, 512)", calls.get(user + 2));
    }
}
