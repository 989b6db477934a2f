// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.launcher;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OneShot;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Callers whose limits leave no room for a JVM, or that have closed standard streams. The launcher
 * reports it in one sentence, on standard error and in the log, and nothing else is written.
 */
@Requires({ROOT, JRUNC})
@OneShot("the caller's limits are too small for a JVM")
class SmallLimitsIT {
    private static final int EXEC_FAILURE = 255;

    private Path log;

    @BeforeEach
    void name() {
        log = Sandbox.current().freshFile("log");
    }

    private Invocation exec(String... wrapper) {
        return Sandbox.current()
                .runtime("--log", log.toString(), "--log-format=json", "exec", "web1", "true")
                .under(wrapper);
    }

    /** One line, the same in the log, and nothing for the container's reader. */
    private void assertTold(Result result, int status, String... words) throws IOException {
        assertEquals(status, result.status(), result::describe);
        assertEquals("", result.stdout(), result::describe);
        assertEquals(1, result.stderr().lines().count(), result::describe);
        JsonNode logged = Json.parse(Files.readString(log));
        assertEquals("error", logged.at("/level").asText());
        assertEquals("jrunc: " + logged.at("/msg").asText(), result.stderr().strip());
        for (String word : words) {
            assertTrue(result.stderr().contains(word), result::describe);
        }
    }

    @Test
    void addressSpaceTooSmallForAJvmIsReported() throws IOException {
        Result exec = exec("prlimit", "--as=300000000").run();

        assertTold(exec, EXEC_FAILURE, "the Java runtime ended with status 1", "debugging.md");
    }

    @Test
    void dataSegmentTooSmallForAJvmIsReported() throws IOException {
        Result exec = exec("prlimit", "--data=20000000").run();

        assertTold(exec, EXEC_FAILURE, "the Java runtime ended with status 1", "memory");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void numberOfProcessesTooSmallIsReported(int limit) throws IOException {
        Files.createFile(log);
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
        String[] ordinary = {"setpriv", "--reuid", "49152", "--regid", "49152", "--clear-groups"};
        Result exec = exec("prlimit", "--nproc=" + limit).under(ordinary).run();

        assertTold(exec, EXEC_FAILURE, "ava");
    }

    /** With whatever number: the command works, or says what it lacks. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24})
    void smallNumberOfDescriptorsIsReportedOrEnough(int limit) {
        String id = Sandbox.current().freshId();
        Result run =
                Bundle.busybox()
                        .args("echo", "ran")
                        .remove("/process/rlimits")
                        .invoke("run", id)
                        .under("prlimit", "--nofile=" + limit)
                        .run();

        if (run.status() == 0) {
            assertEquals("ran", run.output());
            return;
        }
        run.failsWith("EMFILE|errno 24|RLIMIT_NOFILE|descriptor|Too many open files");
        assertFalse(run.stderr().contains("bug in jrunc"), run::describe);
        assertFalse(run.stderr().contains("another version"), run::describe);
        assertEquals("", run.stdout());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    /** The launcher has a stack of its own. */
    @Test
    void softLimitOfTheStackIsRaisedForTheJvmAlone() {
        Bundle bundle = Bundle.busybox().args("sh", "-c", "ulimit -s");
        String id = Sandbox.current().freshId();

        Result run =
                bundle.invoke("run", id)
                        .under("sh", "-c", "ulimit -S -s 64; exec \"$@\"", "sh")
                        .run();

        assertEquals("64", run.output());
    }

    /** Smaller than what a program that is linked dynamically needs: the JVM dies of it. */
    @Test
    void stackTooSmallForAJvmIsReported() {
        String limits = "ulimit -s 16; exec \"$@\"";
        // Arguments, environment and a random gap have to fit, or the kernel lets no program begin.
        Result exec =
                exec("sh", "-c", limits, "sh")
                        .environment(new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")))
                        .run();

        assertEquals(EXEC_FAILURE, exec.status(), exec::describe);
        assertEquals(1, exec.stderr().lines().count(), exec::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"})
    void closedStreamsAreReplacedByTheNullDevice(String closed) {
        String id = Sandbox.current().freshId();
        Path ran = Sandbox.current().freshDirectory("shared");
        Bundle bundle = Bundle.busybox().bind(ran, "/shared");
        String script = "for n in 0 1 2; do readlink /proc/1/fd/$n >&3; done 3>/shared/fds; echo x";
        bundle.args("sh", "-c", script);

        Result run =
                bundle.invoke("run", id).under("sh", "-c", "exec \"$@\" " + closed, "sh").run();

        assertEquals(0, run.status(), run::describe);
        assertTrue(Result.text(ran.resolve("fds")).contains("null"), run::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "<&- >&- 2>&-"})
    void closedStreamsWithoutANullDeviceAreReported(String closed) throws IOException {
        String script = "mount -t tmpfs none /dev && exec \"$@\" " + closed;
        Result exec =
                exec("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh")
                        .run();

        assertEquals(EXEC_FAILURE, exec.status(), exec::describe);
        assertTrue(Files.readString(log).contains("a standard stream is closed"), exec::describe);
    }

    @Test
    void missingJvmIsReported() throws IOException {
        Path home = Sandbox.current().freshDirectory("home");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Path launcher = Files.copy(Path.of(Program.path()), home.resolve("bin/jrunc"));
        launcher.toFile().setExecutable(true);
        Files.writeString(home.resolve("lib/jrunc.conf"), "/nowhere/bin/java\n-version\n");

        Result exec =
                Sandbox.current()
                        .command(
                                launcher.toString(),
                                "--log=" + log,
                                "--log-format",
                                "json",
                                "exec",
                                "web1")
                        .run();

        assertTold(exec, EXEC_FAILURE, "bin/jrunc-setup", "/nowhere/bin/java");
    }

    @Test
    void installationThatWasNotSetUpIsReported() throws IOException {
        Path home = Sandbox.current().freshDirectory("home");
        Files.createDirectories(home.resolve("bin"));
        Path launcher = Files.copy(Path.of(Program.path()), home.resolve("bin/jrunc"));
        launcher.toFile().setExecutable(true);

        Result state =
                Sandbox.current()
                        .command(launcher.toString(), "-log", log.toString(), "state", "x")
                        .run();

        state.failsWith("^jrunc: this installation is not complete; run its bin/jrunc-setup");
        assertTrue(Files.readString(log).startsWith("level=error msg=\"this installation"));
    }

    /** Source: full(4). */
    @ParameterizedTest
    @ValueSource(strings = {"--log=/dev/full", "--debug", "--log=/dev/full --debug"})
    void failingLogStopsNoContainer(String options) {
        String id = Sandbox.current().freshId();
        Bundle bundle = Bundle.busybox().args("echo", "ran");
        bundle.write();
        String root = Sandbox.current().root().toString();
        String run = "exec \"$0\" --root " + root + " " + options + " run " + id + " 2>/dev/full";

        Result ran =
                Sandbox.current()
                        .command("sh", "-c", run, Program.path())
                        .in(bundle.directory())
                        .run();

        assertEquals("ran", ran.output());
    }

    @Test
    void whatWasAskedForAndCannotBeWrittenIsAFailure() {
        Result version =
                Sandbox.current()
                        .command("sh", "-c", "exec \"$0\" --version >/dev/full", Program.path())
                        .run();

        version.failsWith("ENOSPC");
    }
}
