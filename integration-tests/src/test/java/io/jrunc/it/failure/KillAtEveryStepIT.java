// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.failure;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.HostPicture;
import io.jrunc.it.harness.KillableProgram;
import io.jrunc.it.harness.KillableProgram.Victim;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.RichBundle;
import io.jrunc.it.harness.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The runtime is killed before each of its steps in turn. Whatever command it was, and whether
 * Java, the launcher or both are killed: {@code delete --force} succeeds, then nothing is left, and
 * the host is as it was. A step is a system call of Java's that changes something or waits for
 * another process; docs/debugging.md describes how to repeat one.
 */
@Requires({ROOT, JRUNC})
class KillAtEveryStepIT {
    private static final int WORKERS = Runtime.getRuntime().availableProcessors();
    private static final long PATIENCE_MILLIS = 5000;

    /** {@code -Dkill.every=1} takes every step where the table says: every n-th. */
    private static final int EVERY = Integer.getInteger("kill.every", 0);

    /** {@code -Dkill.step=N} takes that step only. */
    private static final int STEP = Integer.getInteger("kill.step", 0);

    @ParameterizedTest
    @CsvSource({
        "create, JAVA, 1", "create, BOTH, 3", "create, LAUNCHER, 7",
        "start, JAVA, 1", "start, BOTH, 1", "start, LAUNCHER, 5",
        "run, JAVA, 1", "run, BOTH, 3", "run, LAUNCHER, 7",
        "exec, JAVA, 1", "exec, BOTH, 1", "exec, LAUNCHER, 5",
        "delete, JAVA, 1", "delete, BOTH, 1", "delete, LAUNCHER, 5",
    })
    void nothingIsLeftOf(String command, Victim victim, int every, TestReporter reporter)
            throws Exception {
        HostPicture before = HostPicture.take();
        int stride = EVERY > 0 ? EVERY : every;
        AtomicInteger next = new AtomicInteger(STEP > 0 ? STEP : 1);
        AtomicInteger steps = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<Void>> work = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Callable<Void> one =
                        () -> killUntilItEnds(command, victim, () -> next.getAndAdd(stride), steps);
                work.add(workers.submit(one));
            }
            for (Future<Void> one : work) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            workers.shutdownNow();
        }
        reporter.publishEntry(
                command + " " + victim, "killed after " + steps + " steps, every " + stride);
        assertEquals(List.of(), before.damage());
    }

    private static Void killUntilItEnds(
            String command, Victim victim, IntSupplier next, AtomicInteger steps) {
        Sandbox.open();
        try {
            Attempts attempts = new Attempts(command, victim);
            while (attempts.at(next.getAsInt())) {
                steps.incrementAndGet();
            }
        } finally {
            Sandbox.current().close();
        }
        return null;
    }

    /** One command, killed again and again. */
    private static final class Attempts {
        private final String command;
        private final Victim victim;
        private final KillableProgram program = new KillableProgram(Sandbox.current());
        private final Bundle bundle = RichBundle.make(false);

        /** What lives on, whatever happens to the command. */
        private List<String> unharmed = List.of();

        private Container running;

        Attempts(String command, Victim victim) {
            this.command = command;
            this.victim = victim;
            bundle.args(command.equals("run") ? "true" : "sleep", "600").write();
            if (command.equals("exec")) {
                running = bundle.start("sleep", "600");
                unharmed = Sandbox.current().remains();
            }
        }

        /** Says whether the command got as far as that step. */
        boolean at(int step) {
            Container container = running == null ? bundle.container() : running;
            if (command.equals("start") || command.equals("delete")) {
                container.create().output();
            }
            if (command.equals("delete")) {
                container.start().output();
            }

            Result killed =
                    program.run(bundle.directory(), victim, step, arguments(container.id()));

            String where = command + ", step " + step + ": " + victim + " killed after ";
            String when = where + program.killedAfter().orElse("nothing");
            boolean making = command.equals("create") || command.equals("run");
            if (running != null || (making && victim == Victim.JAVA && killed.status() != 0)) {
                assertRemains(when + ", without delete");
            } else if (!Sandbox.current().remains().isEmpty()) {
                Result delete = container.delete("--force");
                assertEquals(0, delete.status(), () -> when + "\n" + delete.describe());
                assertRemains(when);
            }
            return program.killedAfter().isPresent();
        }

        private List<String> arguments(String id) {
            return switch (command) {
                case "exec" -> List.of("exec", id, "true");
                case "delete" -> List.of("delete", "--force", id);
                default -> List.of(command, id);
            };
        }

        private void assertRemains(String when) {
            Sandbox sandbox = Sandbox.current();
            Host.becomes(PATIENCE_MILLIS, () -> sandbox.remains().equals(unharmed));
            assertEquals(unharmed, sandbox.remains(), when);
        }
    }
}
