// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static io.jrunc.it.harness.Feature.CONTAINERD;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.BusyboxImage;
import io.jrunc.it.harness.Feature;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** containerd's shim for runc, asked by ctr, runs its containers by the program under test. */
@Requires({ROOT, CONTAINERD})
class ContainerdIT {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String STATES = "/run/containerd/runc/default";
    private static final String UNTIL_TERM = "trap 'exit 5' TERM; while :; do sleep 0.05; done";

    private static EngineSandbox room;

    @BeforeAll
    static void importAnImage() {
        room = new EngineSandbox();
        room.containerd();
        String archive = BusyboxImage.archive(room.sandbox()).toString();
        ctr("image", "import", "--snapshotter", "native", archive).output();
    }

    @AfterAll
    static void leaveNothing() {
        try (EngineSandbox closing = room) {
            assertEquals(List.of(), ctr("task", "list", "--quiet").lines());
            assertEquals(List.of(), closing.containers(STATES));
        }
    }

    private static Result ctr(String... words) {
        List<String> command = new ArrayList<>(List.of("ctr"));
        command.addAll(List.of(words));
        return room.command(command).run();
    }

    private static Result run(String id, List<String> options, String... program) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--runc-binary",
                                Program.path(),
                                "--snapshotter",
                                "native",
                                "--cgroup",
                                room.cgroup() + "/" + id));
        words.addAll(options);
        words.addAll(List.of(BusyboxImage.NAME, id));
        words.addAll(List.of(program));
        return ctr(words.toArray(new String[0]));
    }

    private static String container(String... options) {
        String id = room.sandbox().freshId();
        List<String> words = new ArrayList<>(List.of("--detach"));
        words.addAll(List.of(options));
        run(id, words, "sh", "-c", UNTIL_TERM).output();
        return id;
    }

    private static String status(String id) {
        return ctr("task", "list").lines().stream()
                .filter(line -> line.startsWith(id + " "))
                .map(line -> line.substring(line.strip().lastIndexOf(' ') + 1).strip())
                .findFirst()
                .orElse("absent");
    }

    private static void remove(String id) {
        ctr("task", "delete", "--force", id); // its status is that of the task
        ctr("container", "delete", id).output();
    }

    @Test
    void outputAndStatusOfARunAreTheProgramsOwn() {
        Result run =
                run(
                        room.sandbox().freshId(),
                        List.of("--rm"),
                        "sh",
                        "-c",
                        "echo out; echo error >&2; exit 9");

        assertEquals(9, run.status(), run::describe);
        assertEquals("out\n", run.stdout());
        assertTrue(run.stderr().contains("error\n"), run::describe);
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, executable file not found",
        "/bin/nosuch, no such file or directory",
        "/etc, permission denied"
    })
    void programThatCannotRunIsNamed(String program, String text) {
        String id = container();
        Result run = run(room.sandbox().freshId(), List.of("--rm"), program);
        Result exec = ctr("task", "exec", "--exec-id", "missing", id, program);
        remove(id);

        run.failsWith("OCI runtime create failed: .*" + text);
        exec.failsWith("OCI runtime exec failed: .*" + text);
    }

    @Test
    void execPassesOutputAndStatus() {
        String id = container();
        Result exec =
                ctr("task", "exec", "--exec-id", "one", id, "sh", "-c", "echo inside; exit 7");
        remove(id);

        assertEquals(7, exec.status(), exec::describe);
        assertEquals("inside\n", exec.stdout());
    }

    @Test
    @Requires(Feature.SCRIPT)
    void runHasATerminal() {
        String command =
                String.join(
                        " ",
                        "ctr run --rm --tty --snapshotter native --runc-binary",
                        Program.path(),
                        "--cgroup",
                        room.cgroup() + "/tty",
                        BusyboxImage.NAME,
                        room.sandbox().freshId(),
                        "tty");

        Result run = room.command(List.of("script", "-qec", command, "/dev/null")).run();

        assertTrue(run.output().contains("/dev/pts/0"), run::describe);
    }

    @Test
    void pausedTaskIsResumed() {
        String id = container();

        ctr("task", "pause", id).output();
        assertEquals("PAUSED", status(id));
        ctr("task", "resume", id).output();
        assertEquals("RUNNING", status(id));
        remove(id);
    }

    @Test
    void processesAreListed() {
        String id = container();
        List<String> processes = ctr("task", "ps", id).lines();
        String pid = ctr("task", "list").output().replaceAll("(?s).*" + id + " +(\\d+) .*", "$1");
        remove(id);

        assertTrue(processes.stream().anyMatch(line -> line.startsWith(pid + " ")));
    }

    @Test
    void usageIsShown() {
        String id = container("--memory-limit", "33554432");
        Result metrics = ctr("task", "metrics", id);
        remove(id);

        assertTrue(metrics.output().contains("33554432"), metrics::describe);
    }

    @Test
    void signalArrives() {
        String id = container();

        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> stopsBySignal(id)));
        Result delete = ctr("task", "delete", id);

        assertTrue((delete.stdout() + delete.stderr()).contains("exit code 5"), delete::describe);
        remove(id);
    }

    /**
     * A signal before the shell knows its trap is lost: its process is the first of a namespace.
     */
    private static boolean stopsBySignal(String id) {
        ctr("task", "kill", "--signal", "TERM", id);
        return status(id).equals("STOPPED");
    }

    /** Asks with {@code kill --all}, even if the container has ended. */
    @Test
    void removedTaskIsGone() {
        String id = container();

        ctr("task", "delete", "--force", id); // its status is that of the task

        assertEquals("absent", status(id));
        assertEquals(List.of(), Host.cgroups(id));
        assertTrue(!room.file(STATES).resolve(id).toFile().exists(), "a state is left");
        remove(id);
    }

    @Test
    void containerWithTheHostsNetworkAndAReadOnlyRootRuns() {
        Result run =
                run(
                        room.sandbox().freshId(),
                        List.of("--rm", "--net-host", "--read-only", "--seccomp"),
                        "sh",
                        "-c",
                        "readlink /proc/self/ns/net; touch /x 2>&1");

        String net = room.command(List.of("readlink", "/proc/self/ns/net")).run().output();
        assertEquals(1, run.status(), run::describe);
        assertTrue(run.stdout().startsWith(net), run::describe);
        assertTrue(run.stdout().contains("Read-only file system"), run::describe);
    }
}
