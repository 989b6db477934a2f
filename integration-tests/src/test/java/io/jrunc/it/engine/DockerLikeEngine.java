// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.BusyboxImage;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What is asked of an engine with a command line like Docker's. There is a container {@code
 * lasting} for tests that change nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DockerLikeEngine {
    static final long PATIENCE_MILLIS = 10_000;
    private static final String UNTIL_TERM =
            "trap 'exit 5' TERM; echo begun; while :; do sleep 0.05; done";

    final EngineSandbox room = new EngineSandbox();

    /** Starts what the engine needs. */
    abstract void begin();

    /** The engine's command, with the options that are always given. */
    abstract List<String> command();

    /** Options of all that makes a container. */
    abstract List<String> placement();

    /** Removes all containers. */
    abstract void removeAll();

    /** The directory with the states of the program under test. */
    abstract String states();

    @BeforeAll
    final void startAContainer() {
        begin();
        engine("load", "--input", BusyboxImage.archive(room.sandbox()).toString()).output();
        run("--detach", "--name", "lasting", "--memory", "64m", "box", "sh", "-c", UNTIL_TERM)
                .output();
    }

    @AfterAll
    final void leaveNothing() {
        try (EngineSandbox closing = room) {
            removeAll();
            assertEquals(List.of(), closing.containers(states()));
        }
    }

    final Invocation invocation(String... words) {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(words));
        return room.command(command);
    }

    final Result engine(String... words) {
        return invocation(words).run();
    }

    final Result run(String... words) {
        return engine(making("run", words));
    }

    /** The words of a command that makes a container. */
    final String[] making(String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(verb));
        all.addAll(placement());
        all.addAll(List.of("--network", "none"));
        all.addAll(List.of(words));
        return all.toArray(new String[0]);
    }

    /** Starts a container that ends with status 5 at a signal. */
    final String container(String... options) {
        String name = room.sandbox().freshId();
        List<String> words = new ArrayList<>(List.of("--detach", "--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of("box", "sh", "-c", UNTIL_TERM));
        run(words.toArray(new String[0])).output();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> engine("logs", name).output().equals("begun")),
                () -> engine("logs", name).describe());
        return name;
    }

    final String inspect(String name, String field) {
        return engine("inspect", "--format", "{{" + field + "}}", name).output();
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

    @Test
    void execPassesOutputAndStatus() {
        Result exec = engine("exec", "lasting", "sh", "-c", "echo inside; exit 7");

        assertEquals(7, exec.status(), exec::describe);
        assertEquals("inside\n", exec.stdout());
    }

    @Test
    void execHasATerminal() {
        assertEquals("/dev/pts/0", engine("exec", "--tty", "lasting", "tty").output());
    }

    @Test
    void detachedExecIsSeenByTop() {
        engine("exec", "--detach", "lasting", "sleep", "1234").output();

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> engine("top", "lasting").output().contains("sleep 1234")));
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

        engine("pause", name).output();
        assertEquals("paused", inspect(name, ".State.Status"));
        assertNotEquals(0, engine("exec", name, "true").status());

        engine("unpause", name).output();
        assertEquals("running", inspect(name, ".State.Status"));
        assertEquals("awake", engine("exec", name, "echo", "awake").output());
    }

    @Test
    void stoppedContainerHadItsChance() {
        String name = container();

        engine("stop", "--time", "10", name).output();

        assertEquals("exited 5", inspect(name, ".State.Status}} {{.State.ExitCode"));
    }

    @Test
    void killedContainerHasTheStatusOfTheSignal() {
        String name = container();

        engine("kill", "--signal", "KILL", name).output();

        assertEquals("137", engine("wait", name).output());
    }

    @Test
    void restartedContainerIsAnotherProcess() {
        String name = container();
        String pid = inspect(name, ".State.Pid");

        engine("restart", "--time", "10", name).output();

        assertEquals("running", inspect(name, ".State.Status"));
        assertNotEquals(pid, inspect(name, ".State.Pid"));
    }

    @Test
    void namespacesOfAnotherContainerAreJoined() {
        String other = container("--ipc", "shareable");
        List<String> words = new ArrayList<>(List.of("run", "--rm"));
        words.addAll(placement());
        for (String namespace : List.of("network", "pid", "ipc")) {
            words.addAll(List.of("--" + namespace, "container:" + other));
        }
        String script = "for n in net pid ipc; do readlink /proc/self/ns/$n; done";
        words.addAll(List.of("box", "sh", "-c", script));

        Result joined = engine(words.toArray(new String[0]));

        String namespaces =
                "cd /proc/" + inspect(other, ".State.Pid") + "/ns; readlink net pid ipc";
        assertEquals(room.command(List.of("sh", "-c", namespaces)).run().output(), joined.output());
    }
}
