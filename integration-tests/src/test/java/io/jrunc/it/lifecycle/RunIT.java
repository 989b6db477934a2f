// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command run, in the foreground and detached. Source: runc-run(8). */
@Requires(ROOT)
class RunIT {

    @Test
    void printsWhatTheProgramPrints() {
        Result run = Bundle.busybox().sh("echo out; echo err >&2");

        assertEquals("out", run.output());
        assertEquals("err\n", run.stderr());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 126, 127, 128, 255})
    void exitStatusIsTheProgramsOwn(int status) {
        assertEquals(status, Bundle.busybox().sh("exit " + status).status());
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "SEGV, 139", "HUP, 129"})
    void exitStatusOfASignalIsAbove128(String signal, int status) {
        // Without a pid namespace: the first process of one ignores what it sends to itself.
        Result run = Bundle.busybox().withoutNamespace("pid").sh("kill -" + signal + " $$");

        assertEquals(status, run.status(), run::describe);
    }

    @Test
    void inputReachesTheProgram() throws IOException {
        Path input = Files.writeString(Sandbox.current().freshFile("input"), "hello\n");
        var bundle = Bundle.busybox().args("cat");

        Result run = bundle.invoke("run", Sandbox.current().freshId()).input(input).run();

        assertEquals("hello", run.output());
    }

    @Test
    void largeOutputThroughAPipeIsComplete() {
        var bundle = Bundle.busybox().args("seq", "1", "100000");

        Result run =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "\"$@\" | tail -1", "sh")
                        .run();

        assertEquals("100000", run.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "USR1", "USR2", "CONT"})
    void signalIsPassedOn(String signal) {
        String script =
                "trap 'echo got; exit 3' " + signal + "; echo ready; while :; do sleep 0.02; done";
        Container container = Bundle.busybox().args("sh", "-c", script).container();
        var run = container.runInForeground();
        assertTrue(Host.becomes(5000, () -> run.soFar().stdout().contains("ready")));
        assertTrue(Host.becomes(5000, () -> run.takesSignals()));

        Sandbox.current().command("kill", "-" + signal, Long.toString(run.pid())).run().output();

        Result result = run.await();
        assertEquals(3, result.status(), result::describe);
        assertEquals("ready\ngot\n", result.stdout());
    }

    @Test
    void killedProgramEndsTheRun() {
        Container container = Bundle.busybox().args("sleep", "60").container();
        var run = container.runInForeground();
        assertTrue(
                Host.becomes(
                        5000,
                        () ->
                                container.state().status() == 0
                                        && container.status().equals("running")));

        container.kill("KILL").output();

        assertEquals(137, run.await().status());
    }

    @Test
    void deleteByForceEndsTheRun() {
        Container container = Bundle.busybox().args("sh", "-c", "echo ready; sleep 60").container();
        var run = container.runInForeground();
        assertTrue(Host.becomes(5000, () -> run.soFar().stdout().contains("ready")));

        container.delete("--force").output();

        run.await();
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void nothingIsLeftOfAForegroundRun() {
        Bundle.busybox().run("true");

        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void nothingIsLeftOfAFailedRun() {
        Bundle.busybox().run("/no/such").failure();

        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    @Requires(JRUNC)
    void containerIsKeptOnRequest() {
        Container container = Bundle.busybox().args("sh", "-c", "exit 5").container();

        Result run = container.runInForeground("--keep").await();

        assertEquals(5, run.status(), run::describe);
        assertEquals("stopped", container.status());
        container.delete().output();
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-d", "--detach", "-detach"})
    void detachedRunReturnsWhileTheProgramRuns(String flag) {
        var bundle = Bundle.busybox().args("sleep", "60");
        String id = Sandbox.current().freshId();

        Result run = bundle.invoke("run", flag, id).run();

        assertEquals("", run.output());
        assertEquals(
                "running",
                Json.parse(Sandbox.current().runtime("state", id).run().output())
                        .get("status")
                        .asText());
    }

    @Test
    void detachedRunFailsIfTheProgramIsMissing() {
        Container container = Bundle.busybox().args("/no/such").container();

        container.runDetached().failsWith("no such file or directory");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void detachedContainerStaysUntilItIsDeleted() {
        Container container = Bundle.busybox().args("echo", "done").container();
        container.runDetached().output();

        assertEquals("done\n", container.awaitEnd().output());
        container.delete().output();
    }

    @Test
    void pidFileOfADetachedRunIsThatOfTheProgram() throws IOException {
        Path file = Sandbox.current().freshFile("pid");
        Container container = Bundle.busybox().args("sleep", "60").container();

        container.runDetached("--pid-file", file.toString()).output();

        assertEquals(Long.toString(container.pid()), Files.readString(file));
    }

    /** An engine is a subreaper and wants to wait for the container itself. */
    @Test
    void programIsAChildOfTheCallersReaper() {
        var bundle = Bundle.busybox().args("sleep", "60");
        String id = Sandbox.current().freshId();
        bundle.invoke("create", id).run().output();

        long pid =
                Json.parse(Sandbox.current().runtime("state", id).run().output())
                        .get("pid")
                        .asLong();

        String parent = Host.field(pid, "status", "PPid");
        String command = Host.proc(Long.parseLong(parent), "cmdline").orElse("");
        assertFalse(command.contains("runc"), command);
    }

    @Test
    void orphansOfTheContainerDoNotDisturbTheRun() {
        Result run = Bundle.busybox().sh("(sleep 0.05 &) ; (exit 9) ; sleep 0.1; exit 4");

        assertEquals(4, run.status(), run::describe);
    }
}
