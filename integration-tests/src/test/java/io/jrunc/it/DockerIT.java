package io.jrunc.it;

import static io.jrunc.it.Feature.CONTAINERD;
import static io.jrunc.it.Feature.DOCKER;
import static io.jrunc.it.Feature.NO_APPARMOR;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Docker's daemon, with a containerd of its own, runs its containers by the program under test. */
@Requires({ROOT, DOCKER, CONTAINERD, NO_APPARMOR})
class DockerIT {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String STATES = "/run/docker/runtime-runc/moby";
    private static final String UNTIL_TERM =
            "trap 'exit 5' TERM; echo begun; while :; do sleep 0.05; done";

    private static EngineRoom room;

    @BeforeAll
    static void startAContainer() {
        room = new EngineRoom();
        room.containerd();
        room.write("/etc/docker/daemon.json", Json.of(configuration()).toString());
        room.daemon(List.of("dockerd"), List.of("docker", "version"));
        docker("load", "--input", BusyboxImage.archive(room.sandbox()).toString()).output();
        run("--detach", "--name", "lasting", "--memory", "64m", "box", "sh", "-c", UNTIL_TERM)
                .output();
    }

    private static Map<String, Object> configuration() {
        return Map.ofEntries(
                Map.entry("runtimes", Map.of("tested", Map.of("path", Program.path()))),
                Map.entry("default-runtime", "tested"),
                Map.entry("containerd", "/run/containerd/containerd.sock"),
                Map.entry("cgroup-parent", room.cgroup()),
                Map.entry("exec-opts", List.of("native.cgroupdriver=cgroupfs")),
                Map.entry("storage-driver", "vfs"),
                Map.entry("bridge", "none"),
                Map.entry("iptables", false),
                Map.entry("ip-forward", false),
                Map.entry("ip-masq", false));
    }

    @AfterAll
    static void leaveNothing() {
        try (EngineRoom closing = room) {
            List<String> remove = new ArrayList<>(List.of("rm", "--force"));
            remove.addAll(docker("ps", "--all", "--quiet").lines());
            docker(remove.toArray(new String[0])).output();
            assertEquals(List.of(), closing.containers(STATES));
        }
    }

    private static Result docker(String... words) {
        return invocation(words).run();
    }

    private static Invocation invocation(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        return room.command(command);
    }

    private static Result run(String... words) {
        List<String> command = new ArrayList<>(List.of("run", "--network", "none"));
        command.addAll(List.of(words));
        return docker(command.toArray(new String[0]));
    }

    private static String container(String... options) {
        String name = room.sandbox().freshId();
        List<String> words = new ArrayList<>(List.of("--detach", "--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of("box", "sh", "-c", UNTIL_TERM));
        run(words.toArray(new String[0])).output();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> docker("logs", name).output().equals("begun")),
                () -> docker("logs", name).describe());
        return name;
    }

    private static String inspect(String name, String field) {
        return docker("inspect", "--format", "{{" + field + "}}", name).output();
    }

    @Test
    void runtimeIsTheProgramUnderTest() {
        assertEquals("tested", inspect("lasting", ".HostConfig.Runtime"));
        assertEquals(
                Program.path(),
                docker("info", "--format", "{{(index .Runtimes \"tested\").Path}}").output());
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
        assertEquals("/dev/pts/0", run("--rm", "--tty", "box", "tty").output());
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, 127, executable file not found",
        "/bin/nosuch, 127, no such file or directory",
        "/etc, 126, permission denied"
    })
    void statusTellsWhyAProgramCannotRun(String program, int status, String text) {
        Result run = run("--rm", "box", program);
        assertEquals(status, run.status(), run::describe);
        assertTrue(run.stderr().contains(text), run::describe);

        Result exec = docker("exec", "lasting", program);
        boolean isTold = exec.status() == status || exec.status() == 126; // always, before 25.0
        assertTrue(isTold, exec::describe);
        assertTrue((exec.stdout() + exec.stderr()).contains(text), exec::describe);
    }

    @Test
    void execPassesOutputAndStatus() {
        Result exec = docker("exec", "lasting", "sh", "-c", "echo inside; exit 7");

        assertEquals(7, exec.status(), exec::describe);
        assertEquals("inside\n", exec.stdout());
    }

    @Test
    void execHasATerminal() {
        assertEquals("/dev/pts/0", docker("exec", "--tty", "lasting", "tty").output());
    }

    @Test
    void detachedExecIsSeenByTop() {
        docker("exec", "--detach", "lasting", "sleep", "1234").output();

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> docker("top", "lasting").output().contains("sleep 1234")));
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

        docker("pause", name).output();
        assertEquals("paused", inspect(name, ".State.Status"));
        assertNotEquals(0, docker("exec", name, "true").status());

        docker("unpause", name).output();
        assertEquals("running", inspect(name, ".State.Status"));
        assertEquals("awake", docker("exec", name, "echo", "awake").output());
    }

    @Test
    @Requires(Feature.CGROUP_V1)
    void limitsAreUpdated() {
        String name = container("--memory", "64m", "--pids-limit", "20");

        docker(
                        "update",
                        "--memory",
                        "32m",
                        "--memory-swap",
                        "32m",
                        "--pids-limit",
                        "30",
                        "--cpus",
                        "0.5",
                        name)
                .output();

        String cgroup = room.cgroup() + "/" + inspect(name, ".Id");
        assertEquals("33554432\n", limit("memory", cgroup, "memory.limit_in_bytes"));
        assertEquals("30\n", limit("pids", cgroup, "pids.max"));
        assertEquals("50000\n", limit("cpu", cgroup, "cpu.cfs_quota_us"));
    }

    private static String limit(String controller, String cgroup, String file) {
        return Result.text(Path.of("/sys/fs/cgroup", controller, cgroup, file));
    }

    @Test
    void usageIsShown() {
        String format = "{{.MemUsage}}";
        String stats = docker("stats", "--no-stream", "--format", format, "lasting").output();

        assertTrue(stats.endsWith(" / 64MiB"), stats);
        assertTrue(!stats.startsWith("0B"), stats);
    }

    @Test
    void stoppedContainerHadItsChance() {
        String name = container();

        docker("stop", "--time", "10", name).output();

        assertEquals("exited 5", inspect(name, ".State.Status}} {{.State.ExitCode"));
    }

    @Test
    void killedContainerHasTheStatusOfTheSignal() {
        String name = container();

        docker("kill", "--signal", "KILL", name).output();

        assertEquals("137", docker("wait", name).output());
    }

    @Test
    void restartedContainerIsAnotherProcess() {
        String name = container();
        String pid = inspect(name, ".State.Pid");

        docker("restart", "--time", "10", name).output();

        assertEquals("running", inspect(name, ".State.Status"));
        assertNotEquals(pid, inspect(name, ".State.Pid"));
    }

    @Test
    void failingContainerIsRestartedByItsPolicy() {
        String name = room.sandbox().freshId();
        run("--detach", "--name", name, "--restart", "on-failure:1", "box", "false").output();

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> inspect(name, ".RestartCount}} {{.State.Status").equals("1 exited")));
    }

    @Test
    void containerWithoutMemoryIsKnownToBe() {
        String name = room.sandbox().freshId();
        Result run =
                run("--name", name, "--memory", "8m", "box", "sh", "-c", "tail /dev/zero; exit 3");

        assertEquals("true", inspect(name, ".State.OOMKilled"), run::describe);
    }

    @Test
    void namespacesOfAnotherContainerAreJoined() {
        String other = container("--ipc", "shareable");
        Result joined =
                docker(
                        "run",
                        "--rm",
                        "--network",
                        "container:" + other,
                        "--pid",
                        "container:" + other,
                        "--ipc",
                        "container:" + other,
                        "box",
                        "sh",
                        "-c",
                        "for n in net pid ipc; do readlink /proc/self/ns/$n; done");

        String namespaces =
                "cd /proc/" + inspect(other, ".State.Pid") + "/ns; readlink net pid ipc";
        assertEquals(room.command(List.of("sh", "-c", namespaces)).run().output(), joined.output());
    }

    @Test
    void healthIsChecked() {
        String name = container("--health-cmd", "true", "--health-interval", "500ms");

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> inspect(name, ".State.Health.Status").equals("healthy")));
    }

    @Test
    void removedContainerIsGone() {
        String name = container();
        String id = inspect(name, ".Id");

        docker("rm", "--force", name).output();

        assertEquals(List.of(), Host.cgroups(id));
        assertEquals(List.of(), Host.processes(id));
    }
}
