// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.serve;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.ResidentRuntime;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a resident runtime ends, and what becomes of the requests that it has then. */
@Requires({ROOT, JRUNC})
class ServerLifeIT {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String GONE = "the resident runtime ended before it had finished";

    private Sandbox sandbox;
    private ResidentRuntime resident;
    private Path began;
    private Path gate;

    @BeforeEach
    void prepare() {
        sandbox = Sandbox.current();
        resident = new ResidentRuntime();
        began = sandbox.freshFile("began");
        gate = sandbox.freshFile("gate");
        sandbox.command("mkfifo", gate.toString()).run().output();
    }

    @AfterEach
    void end() {
        resident.close();
    }

    private Invocation.Running createThatWaitsInAHook(String id) {
        Bundle bundle = Bundle.busybox().args("true");
        String script = "echo > " + began + "; read line < " + gate;
        bundle.add(
                "/hooks/createRuntime",
                Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script)));
        bundle.write();
        var create =
                resident.runtime("create", "--bundle", bundle.directory().toString(), id).start();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Files.exists(began)),
                () -> create.soFar().describe());
        return create;
    }

    private void letGo() throws Exception {
        sandbox.command("sh", "-c", "echo go 1<> " + gate).run().output();
    }

    private void signal(String name) {
        sandbox.command("kill", "-" + name, Long.toString(resident.pid())).run().output();
    }

    @Test
    void commandsGoOnWithoutAServerThatWasKilled() {
        resident.start();
        signal("KILL");
        resident.ended();

        assertTrue(Files.exists(resident.socket()), "a stale socket");
        assertFalse(resident.serves());
        resident.start();
        assertTrue(resident.servesSoon());
    }

    @Test
    void commandsGoOnWhileTheServerIsStopped() {
        resident.start();
        signal("STOP");

        assertFalse(resident.serves());
        signal("CONT");
        assertTrue(resident.servesSoon());
    }

    @Test
    void killedServerLeavesNothingOfACreate() throws Exception {
        resident.start();
        String id = sandbox.freshId();
        var create = createThatWaitsInAHook(id);

        signal("KILL");
        letGo();
        Result result = create.await();

        assertEquals(1, result.status(), result::describe);
        assertTrue(result.stderr().contains(GONE), result::describe);
        assertEquals(1, result.stderr().lines().count(), result::describe);
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> remains(id).isEmpty()),
                () -> remains(id).toString());
    }

    private List<String> remains(String id) {
        return sandbox.remains().stream().filter(line -> line.contains(id)).toList();
    }

    @Test
    void serverUndoesWhatAKilledLauncherWaitedFor() {
        resident.start();
        String id = sandbox.freshId();
        var create = createThatWaitsInAHook(id);

        create.process().destroyForcibly();
        create.await();

        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> remains(id).isEmpty()),
                () -> remains(id).toString());
        assertTrue(resident.servesSoon());
    }

    /** Init waits in a hook; the server began that conversation by itself. */
    @Test
    void serverInterruptsAStartWhoseLauncherWasKilled() {
        resident.start();
        String id = sandbox.freshId();
        Bundle bundle = Bundle.busybox().args("true");
        String wait = "/wait-" + sandbox.token();
        bundle.file(wait, "#!/bin/sh\nsleep 1000", "rwxr-xr-x");
        bundle.add("/hooks/startContainer", Map.of("path", wait));
        bundle.write();
        does("create", "--bundle", bundle.directory().toString(), id);
        var start = resident.runtime("start", id).start();
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Host.processes(wait).size() == 1));

        start.process().destroyForcibly();
        start.await();

        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Host.processes(wait).isEmpty()),
                () -> Host.processes(wait).toString());
        does("delete", "--force", id);
        assertTrue(resident.servesSoon());
    }

    @Test
    void sigtermLetsRequestsFinish() throws Exception {
        resident.start();
        String id = sandbox.freshId();
        var create = createThatWaitsInAHook(id);

        signal("TERM");
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> !Files.exists(resident.socket())));
        assertFalse(resident.serves());
        assertTrue(resident.server().process().isAlive());
        letGo();

        assertEquals(0, create.await().status());
        Result server = resident.ended();
        assertTrue(server.stderr().contains("it ends after"), server::describe);
        assertEquals(0, resident.runtime("delete", "--force", id).run().status());
    }

    @Test
    void idleServerEnds() {
        resident.start("--idle", "1");
        assertTrue(resident.servesSoon());

        Result server = resident.ended();
        assertEquals(0, server.status(), server::describe);
        assertFalse(Files.exists(resident.socket()));
        assertFalse(resident.serves());
    }

    @Test
    void serverEndsWhenItsProgramIsReplaced() throws Exception {
        Path original = Path.of(Program.path()).getParent().getParent().resolve("lib/jrunc.jar");
        Path copy = sandbox.freshFile("jar");
        Files.copy(original, copy);
        List<String> words =
                resident.words().stream()
                        .map(word -> word.equals(original.toString()) ? copy.toString() : word)
                        .toList();
        resident.with(words).start();

        assertEndsWhenReplaced(copy);
    }

    /** Then its options, or the class-data archive, are other ones. */
    @Test
    void serverEndsWhenItsDistributionIsSetUpAgain() throws Exception {
        resident.start();

        assertEndsWhenReplaced(
                Path.of(resident.program()).resolveSibling("../lib/jrunc-serve.conf"));
    }

    /** Puts another file with the same content in the place of this one. */
    private void assertEndsWhenReplaced(Path file) throws Exception {
        Path copy = sandbox.freshFile("copy");
        Files.copy(file, copy);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

        Result server = resident.ended();
        assertEquals(0, server.status(), server::describe);
        assertTrue(server.stderr().contains("was replaced"), server::describe);
    }

    /** A request that takes all memory ends alone; the server answers it, and ends when it may. */
    @Test
    void requestThatTakesAllMemoryEndsTheServerAfterTheOthers() throws Exception {
        resident.start();
        String held = sandbox.freshId();
        var create = createThatWaitsInAHook(held);
        Bundle greedy = Bundle.busybox().args("true");
        greedy.set("/annotations/greedy", "x".repeat(7 << 20));
        greedy.write();

        Result run =
                resident.runtime("run", "--bundle", greedy.directory().toString(), "greedy").run();
        letGo();

        assertEquals(1, run.status(), run::describe);
        assertTrue(run.stderr().contains("needs more memory"), run::describe);
        assertEquals(1, run.stderr().lines().count(), run::describe);
        assertEquals(0, create.await().status());
        Result server = resident.ended();
        assertTrue(server.stderr().contains("out of memory"), server::describe);
        assertEquals(0, resident.runtime("delete", "--force", held).run().status());
    }

    @Test
    void serverHasNoChildrenAndLeaksNoDescriptors() {
        resident.start();
        Bundle bundle = Bundle.busybox().args("sleep", "100");
        bundle.write();
        int before = 0;
        for (int round = 0; round < 4; round++) {
            everyCommand(bundle, sandbox.freshId());
            before = round == 1 ? resident.descriptors() : before;
        }

        assertTrue(before > 0);
        int opened = before;
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> resident.descriptors() <= opened));
        assertEquals(0, resident.server().process().children().count());
        assertTrue(resident.servesSoon());
    }

    private void everyCommand(Bundle bundle, String id) {
        String directory = bundle.directory().toString();
        String log = sandbox.directory().resolve("log").toString();
        does("--log", log, "--log-format", "json", "create", "--bundle", directory, id);
        does("state", id);
        does("start", id);
        does("list");
        does("ps", id);
        does("exec", id, "true");
        does("exec", "--detach", "--pid-file", log + ".pid", id, "true");
        does("pause", id);
        does("resume", id);
        does("update", "--pids-limit", "50", id);
        does("kill", id, "KILL");
        does("delete", "--force", id);
        does("run", "--detach", "--bundle", directory, id);
        does("delete", "--force", id);
        for (String wrong : List.of("state", "kill", "delete", "start", "pause", "update", "ps")) {
            assertEquals(1, resident.runtime("--log", log, wrong, id).run().status());
        }
        assertEquals(1, resident.runtime("create", "--bundle", "/none", id).run().status());
        assertEquals(255, resident.runtime("exec", id, "true").run().status());
    }

    /** Whatever goes wrong while processes are made, they and their descriptors go. */
    @Test
    void failuresLeaveNoDescriptorsAndNoProcesses() {
        resident.start();
        String[] none = {"nosuch"};
        String[] fails = {"sh", "-c", "exit 3"};
        List<Bundle> bundles =
                List.of(
                        Bundle.busybox().args(none),
                        Bundle.busybox().args("true").mount("/mnt", "nosuchfs", "none"),
                        Bundle.busybox()
                                .args("true")
                                .add("/hooks/createRuntime", Map.of("path", "/nosuch")),
                        Bundle.busybox()
                                .args("true")
                                .add(
                                        "/hooks/createContainer",
                                        Map.of("path", "/bin/sh", "args", fails)),
                        Bundle.busybox()
                                .args("true")
                                .add(
                                        "/hooks/startContainer",
                                        Map.of("path", "/bin/sh", "args", fails)),
                        Bundle.busybox().args("true").namespace("network", "/proc/nosuch"),
                        Bundle.busybox().args("true").userNamespace(1 << 30, 0),
                        Bundle.busybox().args("true").cwd("/nosuch/\0"),
                        Bundle.busybox().args("true").json("/linux/sysctl", "{\"net.no\": \"1\"}"));
        bundles.forEach(Bundle::write);
        Bundle good = Bundle.busybox().args("sleep", "100").write();
        String id = sandbox.freshId();
        does("run", "--detach", "--bundle", good.directory().toString(), id);
        List<String> unharmed = sandbox.remains();
        int before = 0;
        for (int round = 0; round < 3; round++) {
            for (Bundle bundle : bundles) {
                fails("run", "--bundle", bundle.directory().toString(), sandbox.freshId());
            }
            String bundle = good.directory().toString();
            fails("run", "--bundle", bundle, "--preserve-fds", "20", sandbox.freshId());
            fails("run", "--bundle", bundle, "--console-socket", "/nosuch", sandbox.freshId());
            fails("run", "--bundle", bundle, "--pid-file", "/nosuch/pid", sandbox.freshId());
            fails("exec", "--preserve-fds", "20", id, "true");
            fails("exec", "--cwd", "/nosuch", id, "true");
            fails("exec", "--console-socket", "/nosuch", id, "true");
            fails("exec", "--tty", "--detach", id, "true");
            fails("exec", id, "nosuch");
            before = round == 0 ? resident.descriptors() : before;
        }

        int opened = before;
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> resident.descriptors() <= opened),
                () -> opened + " descriptors became " + resident.descriptors());
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> sandbox.remains().equals(unharmed)),
                () -> sandbox.remains().toString());
        does("delete", "--force", id);
    }

    private void fails(String... command) {
        Result result = resident.runtime(command).run();
        assertTrue(result.status() != 0, result::describe);
        assertEquals(1, result.stderr().lines().count(), result::describe);
    }

    private void does(String... command) {
        Result result = resident.runtime(command).run();
        assertEquals(0, result.status(), result::describe);
    }
}
