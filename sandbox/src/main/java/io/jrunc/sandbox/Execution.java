// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.cgroup.stats.Usage;
import io.jrunc.container.Container;
import io.jrunc.container.model.ExitStatus;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A program that runs in a sandbox: from its start until its streams are drained, its exit status
 * is collected and its container is removed. What is called by the loop's thread says so.
 */
final class Execution {
    /** Of a program that the filter has ended, or of a shell that says so of its own program. */
    private static final int DENIED_CODE = 128 + Signal.SIGSYS;

    private final Kernel kernel;
    private final Loop loop;
    private final Container container;
    private final Fd init;
    private final Channels channels;
    private final long started = System.nanoTime();
    private final Optional<Loop.Alarm> alarm;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private long initTag;
    private Optional<Cause> forced = Optional.empty();
    private boolean over;

    /** What is known once its processes have ended; the container is still there. */
    private record Ended(ExitStatus status, Usage usage, Optional<Cause> forced, long nanos) {}

    /**
     * Begins to watch a program that has just started.
     *
     * @param init its first process, to be closed at its end
     */
    Execution(
            Kernel kernel,
            Loop loop,
            Container container,
            Fd init,
            Channels channels,
            Optional<Duration> timeout) {
        this.kernel = kernel;
        this.loop = loop;
        this.container = container;
        this.init = init;
        this.channels = channels;
        this.alarm =
                timeout.map(
                        time ->
                                new Loop.Alarm(
                                        started + time.toNanos(), () -> kill(Cause.TIMEOUT)));
        loop.submit(this::watch);
    }

    /** For the loop. */
    private void watch() {
        channels.open(() -> kill(Cause.OUTPUT));
        alarm.ifPresent(loop::add);
        initTag = loop.onInput(init, this::collect);
    }

    /** For the loop: all processes have ended, so what they wrote is in the pipes. */
    private void collect() {
        loop.forget(initTag, init);
        alarm.ifPresent(loop::remove);
        try {
            channels.drainAndClose();
            int bits = kernel.processes().await(container.initPid(), false);
            if (bits < 0) {
                bits = kernel.processes().exitStatus(init);
            }
            if (bits < 0) {
                throw Failure.of(
                        Failure.Code.INTERNAL,
                        "the exit status of " + container.id() + " was collected by other code");
            }
            long nanos = System.nanoTime() - started;
            ended.complete(new Ended(ExitStatus.ofWait(bits), container.usage(), end(), nanos));
        } catch (RuntimeException f) {
            end();
            ended.completeExceptionally(f);
        }
    }

    private synchronized Optional<Cause> end() {
        over = true;
        init.close();
        return forced;
    }

    /** Kills all processes, unless they have ended; the first reason counts. */
    synchronized void kill(Cause cause) {
        if (over) {
            return;
        }
        if (forced.isEmpty()) {
            forced = Optional.of(cause);
        }
        kernel.processes().signal(init, Signal.SIGKILL);
    }

    /** Sends a signal to its first process; does nothing if that has ended. */
    synchronized void signal(int number) {
        if (!over) {
            kernel.processes().signal(init, number);
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    Channels channels() {
        return channels;
    }

    /** Returns what it has used until now. */
    Usage usage() {
        return container.usage();
    }

    /** Completes when all its processes have ended. */
    CompletableFuture<Void> processesEnd() {
        return ended.thenAccept(end -> {});
    }

    /** Waits for the end of its processes, and removes the container. Called once. */
    Result finish() throws InterruptedException {
        Ended end;
        try {
            end = ended.get();
        } catch (ExecutionException e) {
            container.close();
            if (e.getCause() instanceof RuntimeException f) {
                throw f;
            }
            throw new IllegalStateException(e);
        }
        container.close();
        return new Result(
                cause(end),
                end.status,
                channels.restOfOutput(),
                channels.restOfErrors(),
                end.usage.peakMemoryBytes(),
                end.usage.cpuNanos(),
                Duration.ofNanos(end.nanos));
    }

    private static Cause cause(Ended end) {
        OptionalInt signal = end.status.signal();
        boolean failed = signal.isPresent() || end.status.code() != 0;
        boolean killed = signal.orElse(0) == Signal.SIGKILL;
        if (end.forced.isPresent() && (killed || end.forced.get() == Cause.OUTPUT)) {
            return end.forced.get();
        }
        if (end.status.code() == DENIED_CODE) {
            return Cause.DENIED;
        }
        if (failed && end.usage.oomKills() > 0) {
            return Cause.OOM;
        }
        if (failed && end.usage.refusedTasks() > 0) {
            return Cause.PIDS;
        }
        return signal.isPresent() ? Cause.SIGNAL : Cause.EXIT;
    }
}
