package io.jrunc.it;

import static io.jrunc.it.Feature.NO_APPARMOR;
import static io.jrunc.it.Feature.PODMAN;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Podman runs its containers by the program under test. */
@Requires({ROOT, PODMAN, NO_APPARMOR})
class PodmanIT {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String UNTIL_TERM =
            "trap 'exit 5' TERM; echo begun; while :; do sleep 0.05; done";

    // The limits are for callers without CAP_SYS_RESOURCE, who cannot raise their own.
    private static final String CONFIGURATION =
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "tested"
            [engine.runtimes]
            tested = ["%s"]
            """;

    private static EngineRoom room;

    @BeforeAll
    static void startAContainer() {
        room = new EngineRoom();
        room.write("/etc/containers/containers.conf", CONFIGURATION.formatted(Program.path()));
        podman("load", "--input", BusyboxImage.archive(room.sandbox()).toString()).output();
        run("--detach", "--name", "lasting", "--memory", "64m", "box", "sh", "-c", UNTIL_TERM)
                .output();
    }

    @AfterAll
    static void leaveNothing() {
        try (EngineRoom closing = room) {
            podman("rm", "--force", "--time", "0", "--all").output();
            String states = "/run/" + Path.of(Program.path()).getFileName();
            assertEquals(List.of(), closing.containers(states));
        }
    }

    private static Result podman(String... words) {
        return invocation(words).run();
    }

    private static Invocation invocation(String... words) {
        List<String> command = new ArrayList<>(List.of("podman", "--storage-driver", "vfs"));
        command.addAll(List.of(words));
        return room.command(command);
    }

    private static Result run(String... words) {
        return podman(running("run", words));
    }

    private static String[] running(String verb, String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(verb, "--network", "none", "--cgroup-parent", room.cgroup()));
        command.addAll(List.of(words));
        return command.toArray(new String[0]);
    }

    private String container(String... options) {
        String name = room.sandbox().freshId();
        List<String> words = new ArrayList<>(List.of("--detach", "--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of("box", "sh", "-c", UNTIL_TERM));
        run(words.toArray(new String[0])).output();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> podman("logs", name).output().equals("begun")),
                () -> podman("logs", name).describe());
        return name;
    }

    private static String inspect(String name, String field) {
        return podman("inspect", "--format", "{{" + field + "}}", name).output();
    }

    @Test
    void runtimeIsTheProgramUnderTest() {
        assertEquals("tested", inspect("lasting", ".OCIRuntime"));
        assertTrue(podman("info").output().contains(Program.path()));
    }

    @Test
    void outputAndStatusOfARunAreTheProgramsOwn() {
        Result run = run("--rm", "box", "sh", "-c", "echo out; echo error >&2; exit 9");

        assertEquals(9, run.status(), run::describe);
        assertEquals("out\n", run.stdout());
        assertEquals("error\n", run.stderr());
    }

    @Test
    void runHasATerminal() {
        Result run = run("--rm", "--tty", "box", "tty");

        assertEquals("/dev/pts/0", run.output());
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, 127, executable file not found",
        "/bin/nosuch, 127, no such file or directory",
        "/etc, 126, permission denied"
    })
    void statusTellsWhyAProgramCannotRun(String program, int status, String text) {
        for (Result result :
                List.of(run("--rm", "box", program), podman("exec", "lasting", program))) {
            assertEquals(status, result.status(), result::describe);
            assertTrue(result.stderr().contains(text), result::describe);
        }
    }

    @Test
    void execPassesOutputAndStatus() {
        Result exec = podman("exec", "lasting", "sh", "-c", "echo inside; exit 7");

        assertEquals(7, exec.status(), exec::describe);
        assertEquals("inside\n", exec.stdout());
    }

    @Test
    void execHasATerminal() {
        assertEquals("/dev/pts/0", podman("exec", "--tty", "lasting", "tty").output());
    }

    @Test
    void detachedExecIsSeenByTop() {
        podman("exec", "--detach", "lasting", "sleep", "1234").output();

        assertTrue(podman("top", "lasting").output().contains("sleep 1234"));
    }

    @Test
    void execsRunAtOnce() {
        List<Invocation.Running> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(invocation("exec", "lasting", "echo", "number" + i).start());
        }
        for (int i = 0; i < 4; i++) {
            assertEquals("number" + i, all.get(i).await().output());
        }
    }

    @Test
    void pausedContainerIsResumed() {
        String name = container();

        podman("pause", name).output();
        assertEquals("paused", inspect(name, ".State.Status"));
        assertNotEquals(0, podman("exec", name, "true").status());

        podman("unpause", name).output();
        assertEquals("running", inspect(name, ".State.Status"));
        assertEquals("awake", podman("exec", name, "echo", "awake").output());
    }

    @Test
    @Requires(Feature.CGROUP_V1)
    void limitsAreUpdated() {
        String name = container("--memory", "64m");

        podman("update", "--memory", "32m", "--cpus", "0.5", name).output();

        String id = inspect(name, ".Id");
        String parent = room.cgroup() + "/libpod-" + id;
        assertEquals(
                "33554432\n",
                Result.text(Path.of("/sys/fs/cgroup/memory", parent, "memory.limit_in_bytes")));
        assertEquals(
                "50000\n", Result.text(Path.of("/sys/fs/cgroup/cpu", parent, "cpu.cfs_quota_us")));
    }

    @Test
    void stoppedContainerHadItsChance() {
        String name = container();

        podman("stop", "--time", "10", name).output();

        assertEquals("exited 5", inspect(name, ".State.Status}} {{.State.ExitCode"));
    }

    @Test
    void killedContainerHasTheStatusOfTheSignal() {
        String name = container();

        podman("kill", "--signal", "KILL", name).output();

        assertEquals("137", podman("wait", name).output());
    }

    @Test
    void restartedContainerIsAnotherProcess() {
        String name = container();
        String pid = inspect(name, ".State.Pid");

        podman("restart", "--time", "10", name).output();

        assertEquals("running", inspect(name, ".State.Status"));
        assertNotEquals(pid, inspect(name, ".State.Pid"));
    }

    @Test
    void createdContainerIsInitialisedThenStarted() {
        podman(running("create", "--name", "three", "box", "echo", "at last")).output();
        podman("init", "three").output();
        assertEquals("initialized", inspect("three", ".State.Status"));

        assertEquals("at last", podman("start", "--attach", "three").output());
    }

    @Test
    void namespacesOfAnotherContainerAreJoined() {
        String other = inspect("lasting", ".State.Pid");
        Result joined =
                podman(
                        "run",
                        "--rm",
                        "--cgroup-parent",
                        room.cgroup(),
                        "--network",
                        "container:lasting",
                        "--pid",
                        "container:lasting",
                        "--ipc",
                        "container:lasting",
                        "box",
                        "sh",
                        "-c",
                        "for n in net pid ipc; do readlink /proc/self/ns/$n; done");

        String namespaces = "cd /proc/" + other + "/ns; readlink net pid ipc";
        assertEquals(room.command(List.of("sh", "-c", namespaces)).run().output(), joined.output());
    }

    @Test
    void healthIsChecked() {
        String healthy = container("--health-cmd", "true", "--health-interval", "disable");
        String ill = container("--health-cmd", "false", "--health-interval", "disable");

        assertEquals(0, podman("healthcheck", "run", healthy).status());
        assertEquals(1, podman("healthcheck", "run", ill).status());
    }

    @Test
    void hooksOfAdministratorsRun() throws IOException {
        Path hooks = room.sandbox().freshDirectory("hooks");
        Path seen = room.sandbox().freshFile("seen");
        Path hook = hooks.resolve("hook.sh");
        Files.writeString(hook, "#!/bin/sh\ncat > " + seen + "\n");
        hook.toFile().setExecutable(true);
        Files.writeString(
                hooks.resolve("hook.json"),
                "{\"version\": \"1.0.0\", \"hook\": {\"path\": \""
                        + hook
                        + "\"}, \"when\": {\"always\": true}, \"stages\": [\"createRuntime\"]}");

        podman(hooked(hooks)).output();

        assertEquals("creating", Json.parse(Result.text(seen)).get("status").asText());
    }

    private static String[] hooked(Path hooks) {
        List<String> command = new ArrayList<>(List.of("--hooks-dir", hooks.toString()));
        command.addAll(List.of(running("run", "--rm", "box", "true")));
        return command.toArray(new String[0]);
    }

    /** Buildah, inside Podman, waits for the status {@code stopped} before it deletes. */
    @Test
    void imageIsBuilt() throws IOException {
        Path context = room.sandbox().freshDirectory("context");
        Files.writeString(
                context.resolve("Containerfile"),
                "FROM " + BusyboxImage.NAME + "\nRUN echo built > /witness\n");

        podman(
                        "build",
                        "--isolation",
                        "oci",
                        "--network",
                        "none",
                        "--cgroup-parent",
                        room.cgroup() + "/build",
                        "--tag",
                        "built",
                        context.toString())
                .output();

        assertEquals("built", run("--rm", "built", "cat", "/witness").output());
    }

    @Test
    void removedContainerIsGone() {
        String name = container();
        String id = inspect(name, ".Id");

        podman("rm", "--force", "--time", "0", name).output();

        assertEquals(List.of(), Host.cgroups(id));
        assertTrue(podman("inspect", name).stderr().contains("no such"));
    }
}
