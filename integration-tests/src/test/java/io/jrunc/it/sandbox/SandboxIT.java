// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Busybox;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.linux.Failure;
import io.jrunc.sandbox.Cause;
import io.jrunc.sandbox.Input;
import io.jrunc.sandbox.Output;
import io.jrunc.sandbox.Result;
import io.jrunc.sandbox.Running;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sandbox is like, and why a program in it has ended. */
@Requires({ROOT, JRUNC})
class SandboxIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Path directory;
    private Path rootfs;
    private Sandboxes boxes;

    @BeforeEach
    void open() throws IOException {
        directory = io.jrunc.it.harness.Sandbox.current().freshDirectory("boxes");
        rootfs = io.jrunc.it.harness.Sandbox.current().freshDirectory("rootfs");
        Busybox.install(rootfs);
        boxes = Sandboxes.open(directory);
    }

    /** Nothing of any sandbox is left: no directory, no cgroup, no process. */
    @AfterEach
    void close() throws IOException {
        String place = place().getFileName().toString();
        boxes.close();

        assertEquals(List.of(directory.resolve("lock")), entries(directory));
        assertEquals(List.of(), Host.cgroups("sandbox-" + place));
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private Path place() throws IOException {
        return entries(directory).stream().filter(Files::isDirectory).findFirst().orElseThrow();
    }

    private Sandbox box() {
        return boxes.sandbox().rootfs(rootfs).timeout(PATIENCE);
    }

    @Test
    void resultHasExitCodeOutputAndUsage() throws Exception {
        Result result = box().run("sh", "-c", "echo out; echo err >&2; exit 3");

        assertEquals(Cause.EXIT, result.cause());
        assertEquals(3, result.exitCode());
        assertFalse(result.isSuccess());
        assertEquals("out\n", result.stdout());
        assertEquals("err\n", result.stderr());
        assertTrue(result.peakMemory().orElseThrow() > 0);
        assertTrue(result.cpuTime().orElseThrow().toNanos() > 0);
    }

    @Test
    void hasNoCapabilityNoNetworkAndNothingWritableButTmp() throws Exception {
        Result result =
                box().run(
                                "sh",
                                "-c",
                                "grep CapBnd /proc/self/status; ls /sys/class/net 2>&1;"
                                        + " cat /proc/net/dev | wc -l; touch /new 2>&1;"
                                        + " touch /tmp/new && echo tmp; grep Seccomp: /proc/self/status;"
                                        + " head -1 /proc/self/uid_map");

        assertTrue(result.stdout().contains("CapBnd:\t0000000000000000\n"), result.stdout());
        assertTrue(result.stdout().contains("Read-only file system"), result.stdout());
        assertTrue(result.stdout().contains("\n3\n"), result.stdout()); // two headings, lo
        assertTrue(result.stdout().contains("tmp\n"), result.stdout());
        assertTrue(result.stdout().contains("Seccomp:\t2\n"), result.stdout());
        assertFalse(result.stdout().matches("(?s).*\\n +0 +0 .*"), result.stdout());
    }

    @Test
    void auditFindsNothing() throws Exception {
        try (Running running = box().start("sleep", "60")) {
            String name = entries(place().resolve("state")).get(0).getFileName().toString();

            String findings =
                    io.jrunc.it.harness.Sandbox.current()
                            .command(
                                    Program.path(),
                                    "--root",
                                    place().resolve("state").toString(),
                                    "audit",
                                    "--format",
                                    "json",
                                    "--container",
                                    name)
                            .run()
                            .output();

            assertTrue(running.isAlive());
            // Whether there is a security module is the host's matter.
            List<String> ids = findings.lines().filter(line -> line.contains("\"id\":")).toList();
            assertEquals(
                    List.of(),
                    ids.stream().filter(id -> !id.contains("no-mac-on-this-host")).toList());
        }
    }

    @Test
    void programThatRunsTooLongIsKilled() throws Exception {
        Result result = box().timeout(Duration.ofMillis(300)).run("sleep", "60");

        assertEquals(Cause.TIMEOUT, result.cause());
        assertEquals(137, result.exitCode());
        assertTrue(result.wallTime().toMillis() >= 300, result::toString);
    }

    @Test
    void programThatWritesTooMuchIsKilled() throws Exception {
        Result result = box().maxOutput(1000).run("yes");

        assertEquals(Cause.OUTPUT, result.cause());
        assertEquals(1000, result.stdoutBytes().length);
    }

    @Test
    void programThatNeedsTooMuchMemoryIsKilled() throws Exception {
        Result result = box().memory(16 << 20).run("tail", "/dev/zero");

        assertEquals(Cause.OOM, result.cause());
        assertTrue(result.peakMemory().orElseThrow() > 8 << 20, result::toString);
    }

    @Test
    void programThatNeedsTooManyProcessesFails() throws Exception {
        Result result =
                box().pids(4).run("sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 2 & done; wait");

        assertEquals(Cause.PIDS, result.cause(), () -> result + result.stderr());
    }

    @Test
    void signalOfAProcessIsNoCauseOfItsOwn() throws Exception {
        Result result = box().run("sh", "-c", "sh -c 'kill -TERM $$'; exit 9");

        assertEquals(Cause.EXIT, result.cause());
        assertEquals(9, result.exitCode());
    }

    /** As a shell says that the filter of system calls has ended its program. */
    @Test
    void programThatTheFilterEndsIsDenied() throws Exception {
        Result result = box().run("sh", "-c", "sh -c 'kill -SYS $$'; exit $?");

        assertEquals(Cause.DENIED, result.cause());
    }

    /** A pipe holds 64 KiB; nothing reads the errors here. */
    @Test
    void programNeverWaitsForAReader() throws Exception {
        try (Running running = box().start("sh", "-c", "head -c 500000 /dev/zero >&2; echo done")) {
            assertEquals("done\n", new String(running.stdout().readAllBytes(), UTF_8));
            assertEquals(500_000, running.await().stderrBytes().length);
        }
    }

    @Test
    void inputIsWhatTheProgramGives() throws Exception {
        byte[] large = new byte[300_000];
        assertEquals("300000\n", box().stdin(Input.of(large)).run("wc", "-c").stdout());
        assertEquals("0\n", box().run("wc", "-c").stdout());
        try (Running running = box().stdin(Input.pipe()).start("cat")) {
            running.stdin().write("one\n".getBytes(UTF_8));
            byte[] line = running.stdout().readNBytes(4);
            assertEquals("one\n", new String(line, UTF_8));
            running.stdin().close();
            assertEquals(Cause.EXIT, running.await().cause());
        }
    }

    @Test
    void inputThatNothingReadsDoesNotHang() throws Exception {
        Result result = box().stdin(Input.of(new byte[1_000_000])).run("sleep", "0.2");

        assertEquals(Cause.EXIT, result.cause());
    }

    @Test
    void outputGoesToAFileIfWanted() throws Exception {
        Path file = io.jrunc.it.harness.Sandbox.current().freshFile("out");

        Result result =
                box().stdout(Output.file(file))
                        .stderr(Output.discarded())
                        .run("sh", "-c", "echo out; echo err >&2");

        assertEquals("", result.stdout() + result.stderr());
        assertEquals("out\n", Files.readString(file));
        assertEquals(0, Files.getAttribute(file, "unix:uid"));
    }

    @Test
    void terminalIsOneIfWanted() throws Exception {
        try (Running running = box().terminal().start("sh", "-c", "tty; read l; echo got $l")) {
            running.stdin().write("typed\n".getBytes(UTF_8));

            Result result = running.await();

            assertEquals(Cause.EXIT, result.cause());
            assertTrue(result.stdout().contains("/dev/pts/0"), result.stdout());
            assertTrue(result.stdout().contains("got typed"), result.stdout());
        }
    }

    @Test
    void filesOfAWorkspaceBelongToItsOwner() throws Exception {
        Path workspace = io.jrunc.it.harness.Sandbox.current().freshDirectory("workspace");
        Path old = Files.writeString(workspace.resolve("old"), "old\n");
        for (Path path : List.of(workspace, old)) {
            Files.setAttribute(path, "unix:uid", 4321);
            Files.setAttribute(path, "unix:gid", 4322);
        }
        Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwx------"));

        Result result =
                box().bindWritable(workspace, "/src")
                        .workingDirectory("/src")
                        .run("sh", "-c", "stat -c %u old && echo more >> old && echo new > new");

        assertEquals("0\n", result.stdout(), result::stderr);
        assertEquals("old\nmore\n", Files.readString(old));
        assertEquals(4321, Files.getAttribute(workspace.resolve("new"), "unix:uid"));
        assertEquals(4322, Files.getAttribute(workspace.resolve("new"), "unix:gid"));
    }

    @Test
    void whatIsBoundIsReadOnly() throws Exception {
        Path data = io.jrunc.it.harness.Sandbox.current().freshDirectory("data");
        Files.writeString(data.resolve("f"), "text\n");

        Result result = box().bind(data, "/data").run("sh", "-c", "cat /data/f; echo x > /data/f");

        assertEquals("text\n", result.stdout());
        assertTrue(result.stderr().contains("Read-only"), result.stderr());
    }

    @Test
    void programsOfTheHostRun() throws Exception {
        Result result = boxes.sandbox().hostUsr().timeout(PATIENCE).run("perl", "-e", "print 6*7");

        assertEquals("42", result.stdout(), result::stderr);
    }

    @Test
    void interruptEndsTheProgram() throws Exception {
        long start = System.nanoTime();
        Thread caller = Thread.currentThread();
        CompletableFuture<Void> interrupter =
                CompletableFuture.runAsync(
                        () -> {
                            Host.pause(300);
                            caller.interrupt();
                        });

        assertThrows(InterruptedException.class, () -> box().run("sleep", "60"));

        interrupter.join();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(taken.compareTo(PATIENCE.dividedBy(2)) < 0, taken::toString);
        assertEquals(List.of(), Host.cgroups("sandbox-" + place().getFileName()));
    }

    @Test
    void closingEndsWhatRuns() throws Exception {
        Running running = box().start("sleep", "60");

        boxes.close();

        assertEquals(Cause.KILLED, running.await().cause());
        assertThrows(IllegalStateException.class, () -> boxes.sandbox());
        boxes = Sandboxes.open(directory);
    }

    @Test
    void manyRunAtOnce() {
        Sandbox box = box().memory(8 << 20);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String word = "number " + i;
            all.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try (Running running =
                                        box.start("sh", "-c", "sleep 1; echo $0", word)) {
                                    return running.await().stdout();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }
        for (int i = 0; i < 50; i++) {
            assertEquals("number " + i + "\n", all.get(i).join());
        }
    }

    @Test
    void programThatIsMissingIsAFailure() {
        Failure failure = assertThrows(Failure.class, () -> box().run("/missing"));

        assertTrue(failure.getMessage().contains("/missing"), failure::getMessage);
    }

    @Test
    void missingWorkingDirectoryIsRefused() {
        Sandbox box = boxes.sandbox().hostUsr().workingDirectory("/nowhere");

        Failure failure = assertThrows(Failure.class, () -> box.run("true"));

        assertEquals(
                "Sandbox.workingDirectory: directory: /nowhere is not in the sandbox; bind a"
                        + " directory there, or choose another",
                failure.getMessage());
    }

    @Test
    void absentWordOfACommandIsNamed() {
        Sandbox box = box();

        assertEquals(
                "Sandbox.run: command[1] is null",
                assertThrows(NullPointerException.class, () -> box.run("echo", null)).getMessage());
    }

    @Test
    void sandboxWithoutRootFileSystemSaysWhatToCall() {
        Failure failure = assertThrows(Failure.class, () -> boxes.sandbox().run("true"));

        assertEquals(
                "Sandbox: has no root file system; call rootfs(directory), hostUsr() or"
                        + " bundle(directory)",
                failure.getMessage());
    }
}
