// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.failure;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Java or the launcher is killed while a container is created, at any moment: {@code delete
 * --force} succeeds, and then nothing is left of it. If Java is killed, the launcher cleans up by
 * itself, and delete is not needed.
 */
@Requires({ROOT, JRUNC})
class KilledIT {
    private static final int ROUNDS = Integer.getInteger("killed.rounds", 20);
    private static final long SEED = Long.getLong("killed.seed", System.nanoTime());
    private static final int MIN_MILLIS = 5;
    private static final int MAX_MILLIS = 250;
    private static final long PATIENCE_MILLIS = 3000;

    private final Random random = new Random(SEED);

    @Test
    void nothingIsLeftWhenTheLauncherOfACreateIsKilled(TestReporter reporter) {
        killLaunchers(reporter, "create");
    }

    @Test
    void nothingIsLeftWhenTheLauncherOfARunIsKilled(TestReporter reporter) {
        killLaunchers(reporter, "run");
    }

    @Test
    void nothingIsLeftWhenJavaIsKilledInACreate(TestReporter reporter) {
        killJava(reporter, "create");
    }

    @Test
    void nothingIsLeftWhenJavaIsKilledInARun(TestReporter reporter) {
        killJava(reporter, "run");
    }

    /** It does not notice that the runtime is gone: here since it is stopped. */
    @Test
    void nothingIsLeftOfAnInitThatHangs() {
        String id = Sandbox.current().freshId();
        var bundle = Bundle.busybox().args("sleep", "60");
        String script = "kill -STOP $(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/')";
        bundle.add(
                "/hooks/createRuntime",
                Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script)));
        var running = bundle.invoke("create", id).start();
        assertTrue(Host.becomes(10_000, () -> stopped(id)), "never stopped");

        running.process().destroyForcibly();
        running.await();

        deleteByForce(id, "init stopped");
    }

    private static boolean stopped(String id) {
        return Host.cgroups(id).stream()
                .flatMap(cgroup -> Result.text(cgroup.resolve("cgroup.procs")).lines())
                .anyMatch(
                        pid -> Host.field(Long.parseLong(pid), "status", "State").startsWith("T"));
    }

    private void killLaunchers(TestReporter reporter, String command) {
        var bundle = Bundle.busybox().args("sleep", "60");
        int needed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String id = Sandbox.current().freshId();
            int delay = delay();
            var running = bundle.invoke(command, id).start();
            Host.pause(delay);
            running.process().destroyForcibly();
            running.await();

            needed += deleteByForce(id, "launcher of " + command + " killed after " + delay);
        }
        reporter.publishEntry(
                command + ": of " + ROUNDS + " deletes had something to do", "" + needed);
    }

    private void killJava(TestReporter reporter, String command) {
        var bundle = Bundle.busybox().args("sleep", "60");
        int killed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String id = Sandbox.current().freshId();
            int delay = delay();
            var running = bundle.invoke(command, id).start();
            Host.pause(delay);
            Optional<ProcessHandle> java =
                    running.process().children().filter(KilledIT::isJava).findFirst();
            java.ifPresent(ProcessHandle::destroyForcibly);
            String when = "Java of " + command + " killed after " + delay;
            if (command.equals("run")) {
                // Either the launcher gives up, or it supervises what Java had just finished.
                Host.becomes(300, () -> !running.process().isAlive());
            }
            if (command.equals("create") || !running.process().isAlive()) {
                Result result = running.await();
                if (result.status() != 0) {
                    killed++;
                    assertNothingRemains(id, when + ", without delete: " + result.describe());
                }
            }
            deleteByForce(id, when);
            running.await();
        }
        reporter.publishEntry(
                command + ": of " + ROUNDS + " were stopped", Integer.toString(killed));
    }

    private int delay() {
        return MIN_MILLIS + random.nextInt(MAX_MILLIS - MIN_MILLIS);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("java");
    }

    /** Returns whether there was anything to delete. */
    private static int deleteByForce(String id, String when) {
        boolean something = Sandbox.current().knows(id);
        Result delete = Sandbox.current().runtime("delete", "--force", id).run();
        assertEquals(0, delete.status(), () -> when + ", seed " + SEED + ": " + delete.describe());
        assertNothingRemains(id, when);
        return something ? 1 : 0;
    }

    private static void assertNothingRemains(String id, String when) {
        Host.becomes(PATIENCE_MILLIS, () -> remains(id).isEmpty());
        List<String> remains = remains(id);
        assertTrue(remains.isEmpty(), () -> when + " ms, seed " + SEED + ": " + remains);
    }

    private static List<String> remains(String id) {
        return Sandbox.current().remains().stream().filter(line -> line.contains(id)).toList();
    }
}
