// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A place for the sandboxes of this program. Closing it kills and removes all that are left; if the
 * JVM ends first, however it ends, they end as well. Safe for use by several threads.
 */
public final class Sandboxes implements AutoCloseable {
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int MOST_TEMPLATES = 200;

    private final Kernel kernel;
    private final Facilities facilities;
    private final JvmSpawner jvm;
    private final Place place;
    private final Containers containers;
    private final Loop loop;
    private final ExecutorService finisher;
    private final AtomicLong number = new AtomicLong();
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private final Thread atExit = new Thread(this::end, "sandboxes at exit");
    private final Map<Object, Template> templates =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, Template> eldest) {
                    return size() > MOST_TEMPLATES;
                }
            };
    private boolean closed;

    private Sandboxes(Path directory) {
        kernel = LocalKernel.get();
        facilities = Facilities.read();
        jvm = JvmSpawner.dieWithJvm();
        place = Place.in(directory, kernel, jvm);
        place.requireReachable();
        containers =
                new Containers(kernel, place.state(), new Spawner(jvm, List.of(place.handlers())));
        loop = new Loop(kernel, "sandboxes " + place.name());
        finisher =
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "sandbox finisher");
                            thread.setDaemon(true);
                            return thread;
                        });
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Opens a place in {@code directory}, which is made if it is missing. Removes the sandboxes
     * that a program which has died has left there. Several programs may share the directory.
     *
     * @param directory and those above it must belong to root or this user, and be writable by them
     *     alone; {@code /run/NAME} or one in {@code $XDG_RUNTIME_DIR} is right
     */
    public static Sandboxes open(Path directory) {
        return new Sandboxes(
                Given.present(directory, "Sandboxes.open: directory").toAbsolutePath().normalize());
    }

    /** Returns a sandbox to begin with. */
    public Sandbox sandbox() {
        requireOpen();
        return new Sandbox(this, new Settings());
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("these sandboxes are closed");
        }
    }

    Kernel kernel() {
        return kernel;
    }

    Facilities facilities() {
        return facilities;
    }

    Bundle handled(Bundle bundle) {
        return containers.handled(bundle);
    }

    String name() {
        return place.name();
    }

    Path directory() {
        return place.path();
    }

    Path usrRoot() throws IOException {
        return place.usrRoot();
    }

    String javaHandler(Settings settings) throws IOException {
        return place.javaHandler(settings.memory(), settings.cpus());
    }

    /**
     * Returns that of the same settings if there was one lately: to make one takes milliseconds.
     */
    private Template template(Settings settings) {
        synchronized (templates) {
            return templates.computeIfAbsent(
                    settings.specification(), key -> Template.of(this, settings));
        }
    }

    Result run(Settings settings, List<String> command) throws InterruptedException {
        Execution execution = launch(settings, command);
        try {
            return execution.finish();
        } catch (InterruptedException e) {
            execution.kill(Cause.KILLED);
            Futures.awaitEnd(execution.processesEnd());
            Thread.interrupted(); // its removal waits for nothing that would heed it
            execution.finish();
            throw e;
        } finally {
            running.remove(execution);
        }
    }

    Running start(Settings settings, List<String> command) {
        Execution execution = launch(settings, command);
        return new Running(execution, finisher, () -> running.remove(execution));
    }

    private Execution launch(Settings settings, List<String> command) {
        requireOpen();
        Template template = template(settings);
        Bundle bundle = template.bundle(command);
        template.prepare(this, bundle);
        StreamEnds ends = new StreamEnds(kernel, loop, settings);
        try {
            CreateOptions options = ends.options();
            String id = "sandbox-" + place.name() + "-" + number.incrementAndGet();
            Container container =
                    containers.run(
                            id,
                            bundle,
                            facilities.host(),
                            facilities.cgroups(settings.limits()),
                            options);
            Fd init = kernel.processes().openPid(container.initPid());
            Execution execution =
                    new Execution(
                            kernel,
                            loop,
                            container,
                            init,
                            ends.channels(container.terminal()),
                            settings.timeout());
            add(execution);
            return execution;
        } catch (RuntimeException f) {
            ends.close();
            throw f;
        }
    }

    /** One that was started while these were being closed is killed like the others. */
    private synchronized void add(Execution execution) {
        running.add(execution);
        if (closed) {
            execution.kill(Cause.KILLED);
        }
    }

    /** Kills and removes all sandboxes that are left. Later calls do nothing. */
    @Override
    public void close() {
        if (end()) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                // The JVM is about to end: the hook finds that there is nothing left to do.
                return;
            }
        }
    }

    /** Returns false if that was done before. */
    private boolean end() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        running.forEach(execution -> execution.kill(Cause.KILLED));
        awaitNone();
        finisher.shutdown();
        loop.close();
        jvm.close();
        place.close();
        return true;
    }

    private void awaitNone() {
        while (!running.isEmpty()) {
            for (Execution execution : running) {
                Futures.awaitEnd(execution.processesEnd());
            }
            LockSupport.parkNanos(PAUSE_NANOS); // their removal goes on in other threads
        }
    }
}
