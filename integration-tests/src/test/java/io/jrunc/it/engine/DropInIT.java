// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls as Podman, containerd's shim and CRI-O make them, where no other test shows the answer. */
@Requires(ROOT)
class DropInIT {
    private static final String PROCESS =
            "{\"args\": [\"sh\", \"-c\", \"%s\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"],"
                    + " \"terminal\": %s, \"user\": {\"uid\": 0, \"gid\": 0}}";

    private final Kernel kernel = LocalKernel.get();

    private static Path process(String script, boolean terminal) throws IOException {
        Path file = Sandbox.current().freshFile("process");
        return Files.writeString(file, PROCESS.formatted(script, terminal));
    }

    /** The shim gives each of its calls the same global options, and looks at what they print. */
    @Test
    void shimOfContainerdTakesAContainerThroughItsLife() throws IOException {
        var bundle = Bundle.busybox().args("sleep", "60").write();
        String id = Sandbox.current().freshId();
        Path log = bundle.directory().resolve("log.json");
        Path pidFile = bundle.directory().resolve("init.pid");
        String[][] calls = {
            {"create", "--bundle", ".", "--pid-file", pidFile.toString(), id},
            {"start", id},
            {"exec", "--process", process("exit 3", false).toString(), "--detach", id},
            {"pause", id},
            {"resume", id},
            {"kill", id, "9"},
            {"kill", "--all", id, "9"},
            {"delete", id},
            {"delete", "--force", id}
        };
        for (String[] call : calls) {
            if (call[0].equals("delete") && call.length == 2) {
                long init = Long.parseLong(Files.readString(pidFile));
                assertTrue(Host.becomes(3000, () -> hasEnded(init)));
            }
            List<String> words =
                    new ArrayList<>(List.of("--log", log.toString(), "--log-format", "json"));
            words.addAll(List.of(call));

            Result result = Sandbox.current().runtime(words).in(bundle.directory()).run();

            assertEquals("", result.output());
            assertEquals("", result.stderr());
        }
        assertEquals("", Files.readString(log));
    }

    private static boolean hasEnded(long pid) {
        return Host.proc(pid, "stat").map(stat -> stat.contains(") Z")).orElse(true);
    }

    /** Podman gives some calls an environment with this one variable, which root has empty. */
    @Test
    void environmentMayBeBare() {
        Container container = Bundle.busybox().args("sleep", "60").container();
        container.create().output();
        for (String command : List.of("start", "state", "pause", "resume", "ps", "kill")) {
            Result result =
                    Sandbox.current()
                            .runtime(command, container.id())
                            .environment(Map.of("XDG_RUNTIME_DIR", ""))
                            .run();

            assertEquals(0, result.status(), result::describe);
            assertEquals("", result.stderr());
        }
    }

    /** Engines watch for OOM kills in the cgroups of the pid that they have just read. */
    @Test
    void cgroupsAreJoinedWhenCreateReturns() {
        Container container = Bundle.busybox().create("true");

        String cgroups = Host.proc(container.pid(), "cgroup").orElseThrow();

        List<String> outside =
                cgroups.lines().filter(line -> !line.contains(container.id())).toList();
        assertEquals(List.of(), outside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "ps", "update --pids-limit 5", "exec --cwd /"})
    void unknownContainerIsSaidNotToExist(String call) {
        List<String> words = new ArrayList<>(List.of(call.split(" ", -1)));
        words.add("nosuch");
        if (words.get(0).equals("exec")) {
            words.add("true");
        }

        Result result = Sandbox.current().runtime(words).run();

        assertEquals(words.get(0).equals("exec") ? 255 : 1, result.status(), result::describe);
        assertTrue(result.stderr().contains("container does not exist"), result::describe);
    }

    /** The whole of what the container was made with, zeros for what was not asked for. */
    @Test
    @Requires({JRUNC, CGROUP_V1})
    void updateByKubernetesLeavesDevicesAlone() throws IOException {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs");
        bundle.capabilities("CAP_MKNOD");
        bundle.json("/linux/resources", "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}");
        Container container = bundle.start("sleep", "60");
        container.exec("mknod", "/scratch/kmsg", "c", "1", "11").output();
        for (Path cgroup : Host.cgroups(container.id())) {
            if (Files.exists(cgroup.resolve("devices.allow"))) {
                Files.writeString(cgroup.resolve("devices.allow"), "c 1:11 rwm"); // as a hook does
            }
        }
        Path block = Sandbox.current().freshFile("resources");
        Files.writeString(
                block,
                "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}], \"cpu\": {\"shares\": 0,"
                        + " \"quota\": 50000, \"period\": 100000}, \"memory\": {\"limit\":"
                        + " 67108864}, \"blockIO\": {\"weight\": 0}}");

        Sandbox.current()
                .runtime("update", "--resources=-", container.id())
                .input(block)
                .run()
                .output();

        container.exec("sh", "-c", ": > /scratch/kmsg").output();
    }

    /** The terminal is asked for in the document, not by an option. */
    @Test
    void detachedExecSendsTheMasterOfItsTerminal() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");
        Path socket = Sandbox.current().freshFile("sock");
        Path pidFile = Sandbox.current().freshFile("pid");
        try (Fd listening = kernel.sockets().unixStream("listener")) {
            kernel.sockets().bind(listening, socket.toString());
            kernel.sockets().listen(listening, 1);
            Result exec =
                    container.exec(
                            "--process",
                            process("test -t 0 && sleep 50", true).toString(),
                            "--console-socket",
                            socket.toString(),
                            "--detach",
                            "--pid-file",
                            pidFile.toString());
            assertEquals("", exec.output());
            try (Fd connection = kernel.sockets().accept(listening)) {
                List<Fd> received = new ArrayList<>();
                byte[] name = kernel.sockets().receive(connection, 4096, received);
                assertTrue(name.length >= 1 && name.length < 4096);
                assertEquals(1, received.size());
                received.get(0).close();
            }
        }
        assertTrue(Files.readString(pidFile).matches("[0-9]+"));
    }

    @Test
    @Requires(BASH)
    void descriptorsOfTheCallerDoNotReachAnExecUnlessAskedFor() {
        Container container = Bundle.busybox().start("sleep", "60");
        String[] open = {"bash", "-c", "exec 3</dev/null 4</dev/null 9</; exec \"$@\"", "bash"};
        String[] look = {"sh", "-c", "ls /proc/$$/fd; true"};

        Result plain = container.execution(look).under(open).run();
        Result asked =
                container
                        .execution("--preserve-fds", "1", look[0], look[1], look[2])
                        .under(open)
                        .run();

        assertEquals(List.of("0", "1", "2"), plain.lines());
        assertEquals(List.of("0", "1", "2", "3"), asked.lines());
    }

    /** Podman and containerd take the text from there; conmon takes it from standard error. */
    @Test
    void failedExecIsOneLineInTheLog() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");
        Path log = Sandbox.current().freshFile("log");
        Path pidFile = Sandbox.current().freshFile("pid");
        Path file = Sandbox.current().freshFile("process");
        Files.writeString(
                file, "{\"args\": [\"nosuch\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");

        Result exec =
                Sandbox.current()
                        .runtime(
                                "--log-format=json",
                                "--log",
                                log.toString(),
                                "exec",
                                "--pid-file",
                                pidFile.toString(),
                                "--process",
                                file.toString(),
                                "--detach",
                                container.id())
                        .run();

        assertEquals(255, exec.status(), exec::describe);
        List<String> lines = Files.readAllLines(log);
        assertEquals(1, lines.size(), lines::toString);
        JsonNode line = Json.parse(lines.get(0));
        assertEquals("error", line.get("level").asText());
        assertTrue(line.get("msg").asText().contains("executable file not found"));
        assertTrue(exec.stderr().contains(line.get("msg").asText()), exec::describe);
        assertFalse(Files.exists(pidFile));
    }

    /** go-runc takes both streams for the document. */
    @Test
    void processesAreOneDocument() {
        Container container = Bundle.busybox().start("sleep", "60");

        Result ps = Sandbox.current().runtime("ps", "--format", "json", container.id()).run();

        assertEquals("[" + container.pid() + "]", ps.output());
        assertEquals("", ps.stderr());
    }

    /** CRI-O's probes run in the foreground and want the status of the program. */
    @Test
    void execInTheForegroundTakesADocument() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");

        Result exec = container.exec("--process", process("echo out; exit 4", false).toString());

        assertEquals(4, exec.status(), exec::describe);
        assertEquals("out\n", exec.stdout());
    }

    /** Podman asks so whether there are checkpoints. */
    @Test
    @Requires(JRUNC)
    void checkpointsAreSaidToBeThere() {
        for (String command : List.of("checkpoint", "restore")) {
            Result help = Sandbox.current().runtime(command, "--help").run();

            assertEquals(0, help.status(), help::describe);
            assertTrue(help.stdout().contains("--image-path"), help::describe);
        }
    }
}
