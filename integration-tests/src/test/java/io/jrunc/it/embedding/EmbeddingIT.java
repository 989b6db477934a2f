// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.ContainerEvents;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.container.model.Status;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.setup.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The library in a program of its own: this one. */
@Requires({ROOT, JRUNC})
class EmbeddingIT {
    private static final String ID = "embedded";
    private static final int SIGKILL = 9;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LocalKernel kernel = LocalKernel.get();
    private final io.jrunc.host.Host host = io.jrunc.host.Host.read(false);

    private static io.jrunc.container.model.Bundle read(
            Bundle bundle, LocalKernel kernel, io.jrunc.host.Host host) {
        bundle.set("/linux/cgroupsPath", "/" + Sandbox.current().freshId());
        return io.jrunc.container.model.Bundle.read(
                kernel, bundle.write().directory().toString(), "config.json", host.facts());
    }

    @Test
    void containerLivesAndDiesInsideAProgram() {
        try (JvmSpawner spawner = new JvmSpawner()) {
            Containers containers =
                    new Containers(kernel, Sandbox.current().root().toString(), spawner);
            Bundle files = Bundle.busybox().args("sh", "-c", "echo here > /proof; exec sleep 60");
            files.set("/root/readonly", false);
            Path rootfs = files.rootfs();
            var bundle = read(files, kernel, host);

            int pid;
            try (io.jrunc.container.Container made =
                    containers.create(
                            ID,
                            bundle,
                            host,
                            CgroupManager.cgroupfs(false, false),
                            CreateOptions.plain())) {
                assertEquals(Status.CREATED, made.status());
                pid = made.initPid();
                assertFalse(Files.exists(rootfs.resolve("proof")));
                made.start();
                assertEquals(Status.RUNNING, made.status());
                Path proof = rootfs.resolve("proof");
                assertTrue(Host.becomes(3000, () -> Files.exists(proof)));
                made.delete(true, warning -> {});
            }

            assertEquals(Optional.empty(), containers.find(ID));
            assertFalse(Files.exists(Path.of("/proc/" + pid)), "init was not collected");
        }
    }

    /** One thread waits, the other goes on using the library. */
    /** The container ends after it was found running, and before anything of it was opened. */
    @Test
    void execInAContainerThatEndsMeanwhileSaysSo() {
        try (JvmSpawner spawner = new JvmSpawner()) {
            Containers containers =
                    new Containers(kernel, Sandbox.current().root().toString(), spawner);
            Bundle files = Bundle.busybox().args("sleep", "60");
            var bundle = read(files, kernel, host);

            try (io.jrunc.container.Container made =
                    containers.create(
                            ID,
                            bundle,
                            host,
                            CgroupManager.cgroupfs(false, false),
                            CreateOptions.plain())) {
                made.start();
                ExecOptions options = killing(made);

                Failure failure =
                        assertThrows(
                                Failure.class,
                                () ->
                                        made.exec(
                                                bundle.spec().process().orElseThrow(),
                                                host,
                                                options));

                assertEquals("cannot exec in a stopped container; start one", failure.getMessage());
                made.delete(false, warning -> {});
            }
        }
    }

    private static ExecOptions killing(io.jrunc.container.Container container) {
        return new ExecOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                false,
                Map.of(),
                Optional.empty(),
                new CreateOptions.Watcher() {
                    @Override
                    public Kernel watch(Kernel kernel, String processName) {
                        return kernel;
                    }

                    @Override
                    public void before(Step step) {
                        if (container.status() == Status.RUNNING) {
                            container.kill(SIGKILL);
                            assertTrue(
                                    Host.becomes(
                                            PATIENCE.toMillis(),
                                            () -> container.status() == Status.STOPPED));
                        }
                    }

                    @Override
                    public void after(Step step, long micros) {}
                });
    }

    private static Optional<ContainerEvents.Event> await(ContainerEvents events) {
        try {
            return events.await(PATIENCE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Requires(CGROUP_V1)
    void programIsNotifiedWhenMemoryRunsOut() {
        try (JvmSpawner spawner = new JvmSpawner()) {
            Containers containers =
                    new Containers(kernel, Sandbox.current().root().toString(), spawner);
            Bundle files = Bundle.busybox().args("tail", "/dev/zero");
            files.set("/linux/resources/memory/limit", 16777216);
            files.set("/linux/resources/memory/swap", 16777216);
            var bundle = read(files, kernel, host);

            try (io.jrunc.container.Container made =
                            containers.create(
                                    ID,
                                    bundle,
                                    host,
                                    CgroupManager.cgroupfs(false, false),
                                    CreateOptions.plain());
                    ContainerEvents events = made.events()) {
                assertEquals(Optional.empty(), events.next());
                var first = CompletableFuture.supplyAsync(() -> await(events));
                var memory = made.stats().cgroup().memory().orElseThrow();
                assertEquals(16777216, memory.usage().limitBytes());

                made.start();

                assertEquals(Optional.of(ContainerEvents.Event.OOM), first.join());
                assertEquals(Optional.of(ContainerEvents.Event.ENDED), await(events));
                assertEquals(1, made.stats().cgroup().memory().orElseThrow().oomKills());
                made.delete(false, warning -> {});
            }
        }
    }
}
