// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Container;
import io.jrunc.container.ContainerEvents.Event;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExitStatus;
import io.jrunc.container.model.Streams;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers from bundles, in the words of Java: paths, builders, publishers. */
@Requires({ROOT, JRUNC})
class ContainerApiIT {
    private static final long MEBIBYTES_64 = 64 << 20;

    private final Kernel kernel = LocalKernel.get();
    private Containers containers;
    private String id;

    @BeforeEach
    void prepare() {
        containers = Containers.at(Sandbox.current().root());
        id = Sandbox.current().freshId();
    }

    private static Path written(String... args) {
        var bundle = io.jrunc.it.harness.Bundle.busybox().args(args);
        bundle.set("/linux/cgroupsPath", "/" + Sandbox.current().freshId());
        return bundle.write().directory();
    }

    @Test
    void containerHasStreamsAndAnExitStatus() throws Exception {
        Bundle bundle = Bundle.at(written("sh", "-c", "echo out; exit 7"));

        try (Streams pipes = Streams.pipes(kernel);
                Container container = containers.create(id, bundle, pipes)) {
            container.start();

            assertEquals(new ExitStatus(7, OptionalInt.empty()), container.awaitExit());
            assertEquals("out\n", new String(kernel.files().read(pipes.output(), 100), UTF_8));
            assertEquals(7, container.awaitExit().code(), "the second time");
        }
    }

    @Test
    void signalIsPartOfTheExitStatus() throws Exception {
        try (Container container = containers.create(id, Bundle.at(written("sleep", "60")))) {
            container.start();
            container.kill(9);

            assertEquals(new ExitStatus(137, OptionalInt.of(9)), container.awaitExit());
        }
    }

    @Test
    void specificationIsChangedWithABuilder() throws Exception {
        Path directory = written("sleep", "60");
        Spec spec =
                new Spec.Builder(Bundle.at(directory).spec())
                        .args(List.of("sh", "-c", "exit 5"))
                        .resources(new Resources.Builder().memory(MEBIBYTES_64).pids(20).build())
                        .build();

        try (Container container = containers.create(id, Bundle.of(directory, spec))) {
            var memory = container.stats().cgroup().memory().orElseThrow();
            assertEquals(MEBIBYTES_64, memory.usage().limitBytes());
            container.start();
            assertEquals(5, container.awaitExit().code());
        }
    }

    @Test
    void eventsArePublished() throws Exception {
        Path directory = written("tail", "/dev/zero");
        Spec spec =
                new Spec.Builder(Bundle.at(directory).spec())
                        .resources(
                                new Resources.Builder()
                                        .memory(MEBIBYTES_64)
                                        .memoryAndSwap(MEBIBYTES_64)
                                        .build())
                        .build();
        try (Container container = containers.create(id, Bundle.of(directory, spec))) {
            Collector collector = new Collector();
            container.publisher().subscribe(collector);
            collector.subscribed.get(20, TimeUnit.SECONDS);

            container.start();

            assertEquals(List.of(Event.OOM, Event.ENDED), collector.all.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void cancelledSubscriptionGetsNothing() throws Exception {
        try (Container container = containers.create(id, Bundle.at(written("true")))) {
            Collector collector = new Collector();
            container.publisher().subscribe(collector);
            collector.subscribed.get(20, TimeUnit.SECONDS).cancel();

            container.start();

            container.awaitExit();
            assertEquals(List.of(), collector.events);
        }
    }

    @Test
    void interruptEndsTheWait() {
        try (Container container = containers.create(id, Bundle.at(written("sleep", "60")))) {
            container.start();
            Thread.currentThread().interrupt();

            assertThrows(InterruptedException.class, container::awaitExit);
        }
    }

    @Test
    void absentArgumentsAndUseAfterTheEndHaveSentences() {
        assertEquals(
                "Containers.at: root is null",
                assertThrows(NullPointerException.class, () -> Containers.at(null)).getMessage());
        assertEquals(
                "Bundle.at: directory is null",
                assertThrows(NullPointerException.class, () -> Bundle.at(null)).getMessage());
        Bundle bundle = Bundle.at(written("true"));
        assertEquals(
                "Containers.create: id is null",
                assertThrows(NullPointerException.class, () -> containers.create(null, bundle))
                        .getMessage());
        Container container = containers.create(id, bundle);
        container.close();

        String message = assertThrows(IllegalStateException.class, container::start).getMessage();

        assertTrue(message.contains("is closed"), message);
    }

    private static final class Collector implements Flow.Subscriber<Event> {
        private final List<Event> events = new ArrayList<>();
        private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        private final CompletableFuture<List<Event>> all = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(Event event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            all.complete(events);
        }
    }
}
