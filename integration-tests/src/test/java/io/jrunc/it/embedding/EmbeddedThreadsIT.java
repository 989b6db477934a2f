// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Container;
import io.jrunc.container.ContainerEvents;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.Status;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Several threads of one program, and others beside it, work on one container. */
@Requires({ROOT, JRUNC})
class EmbeddedThreadsIT {
    private static final int ROUNDS = 20;
    private static final int SECONDS = 20;

    private final LocalKernel kernel = LocalKernel.get();
    private final io.jrunc.host.Host host = io.jrunc.host.Host.read(false);
    private final JvmSpawner spawner = new JvmSpawner();
    private Containers containers;
    private String id;

    @BeforeEach
    void openContainers() {
        id = Sandbox.current().freshId();
        containers = new Containers(kernel, Sandbox.current().root().toString(), spawner);
    }

    @AfterEach
    void closeSpawner() {
        spawner.close();
    }

    private Container create() {
        Bundle files = Bundle.busybox().args("sleep", "60").write();
        var bundle =
                io.jrunc.container.model.Bundle.read(
                        kernel, files.directory().toString(), "config.json", host.facts());
        return containers.create(
                id, bundle, host, CgroupManager.cgroupfs(false, false), CreateOptions.plain());
    }

    /** Does both at the same moment; returns what went wrong. */
    private static List<Failure> atOnce(Runnable one, Runnable other) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        List<CompletableFuture<Void>> both = new ArrayList<>();
        for (Runnable each : List.of(one, other)) {
            both.add(
                    CompletableFuture.runAsync(
                            () -> {
                                meet(barrier);
                                each.run();
                            }));
        }
        List<Failure> failures = new ArrayList<>();
        for (CompletableFuture<Void> each : both) {
            try {
                each.get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                failures.add((Failure) e.getCause());
            }
        }
        return failures;
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @RepeatedTest(ROUNDS)
    void oneOfTwoStartsWinsAndItsContainerRuns() throws Exception {
        try (Container made = create()) {
            List<Failure> failures = atOnce(made::start, made::start);

            assertEquals(1, failures.size());
            assertEquals("cannot start an already running container", failures.get(0).getMessage());
            assertEquals(Status.RUNNING, made.status());
        }
    }

    @RepeatedTest(ROUNDS)
    void oneOfTwoDeletesFindsNothing() throws Exception {
        try (Container made = create()) {
            List<Failure> failures =
                    atOnce(() -> made.delete(true, w -> {}), () -> made.delete(true, w -> {}));

            assertEquals(1, failures.size());
            assertEquals(Failure.Code.NOT_FOUND, failures.get(0).code());
        }
        assertEquals(Optional.empty(), containers.find(id));
    }

    @RepeatedTest(ROUNDS)
    void closeDuringDeleteLeavesNothing() throws Exception {
        Container made = create();

        List<Failure> failures =
                atOnce(
                        () -> {
                            try {
                                made.delete(true, w -> {});
                            } catch (IllegalStateException e) {
                                assertTrue(e.getMessage().endsWith("is closed"), e.toString());
                            }
                        },
                        made::close);

        assertTrue(
                failures.stream().allMatch(failure -> failure.code() == Failure.Code.NOT_FOUND),
                failures::toString);
        assertFalse(Sandbox.current().knows(id));
    }

    @Test
    void openContainerKeepsNoOtherProgramOut() {
        try (Container made = create()) {
            made.start();

            assertEquals("", Sandbox.current().runtime("pause", id).patience(20).run().output());
            assertEquals(Status.PAUSED, made.status());
            assertEquals("", Sandbox.current().runtime("delete", "--force", id).run().output());
            assertEquals(Failure.Code.NOT_FOUND, assertThrows(Failure.class, made::resume).code());
        }
    }

    @Test
    void whatIsClosedIsRemovedUnlessItWasHandedOver() {
        create().close();
        assertEquals(Optional.empty(), containers.find(id));

        Container kept = create();
        kept.start();
        kept.handOver();
        kept.close();

        try (Container found = containers.load(id)) {
            assertEquals(Status.RUNNING, found.status());
        }
        try (Container found = containers.load(id)) {
            assertEquals(Status.RUNNING, found.status(), "closing what was found ends nothing");
            found.delete(true, warning -> {});
        }
    }

    @Test
    void closedContainerSaysSo() {
        Container made = create();
        made.close();

        assertThrows(IllegalStateException.class, made::start);
        made.close(); // once more is fine
    }

    @Test
    void waitForEventsEndsWithAnInterrupt() throws Exception {
        try (Container made = create();
                ContainerEvents events = made.events()) {
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread waiting =
                    new Thread(
                            () -> {
                                try {
                                    outcome.complete("" + events.await(Duration.ofDays(1)));
                                } catch (InterruptedException e) {
                                    outcome.complete("interrupted");
                                } catch (RuntimeException e) {
                                    outcome.completeExceptionally(e);
                                }
                            });
            waiting.start();
            assertThrows(TimeoutException.class, () -> outcome.get(50, TimeUnit.MILLISECONDS));

            waiting.interrupt();

            assertEquals("interrupted", outcome.get(SECONDS, TimeUnit.SECONDS));
            assertEquals("Optional.empty", "" + events.await(Duration.ofMillis(1)));
        }
    }

    @Test
    void limitsOfABundleDoNotVanish() {
        Bundle files = Bundle.busybox().args("true");
        files.set("/linux/resources/memory/limit", 64 << 20).write();
        var bundle =
                io.jrunc.container.model.Bundle.read(
                        kernel, files.directory().toString(), "config.json", host.facts());

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                containers.create(
                                        id,
                                        bundle,
                                        host,
                                        CgroupManager.disabled(),
                                        CreateOptions.plain()));

        assertEquals(
                "linux.resources.memory: needs a cgroup, and the cgroup manager \"disabled\" makes"
                        + " none; remove the limit, or choose another manager",
                failure.getMessage());
        assertFalse(Sandbox.current().knows(id));
    }
}
