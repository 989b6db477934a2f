// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Failure;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A program that runs in a sandbox. Closing it kills and removes whatever is left of it. Safe for
 * use by several threads.
 *
 * <p>What it writes is read at once and kept, up to {@link Sandbox#maxOutput}, until the calling
 * program reads it: so it never waits for a reader.
 */
public final class Running implements AutoCloseable {
    private final Execution execution;
    private final Runnable forget;
    private final CompletableFuture<Result> result;

    /**
     * One that runs.
     *
     * @param finisher runs what follows its end
     * @param forget is called at its end
     */
    Running(Execution execution, Executor finisher, Runnable forget) {
        this.execution = execution;
        this.forget = forget;
        this.result = execution.processesEnd().handleAsync((ended, failure) -> finish(), finisher);
    }

    private Result finish() {
        try {
            return execution.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(Failure.Code.INTERRUPTED, "interrupted while removing a sandbox");
        } finally {
            forget.run();
        }
    }

    /** Returns its output, as it comes; an interrupt ends a read. */
    public InputStream stdout() {
        return execution.channels().output();
    }

    /** Returns its error messages, as they come; an interrupt ends a read. */
    public InputStream stderr() {
        return execution.channels().errors();
    }

    /**
     * Returns where its input is written; close it, so that the program sees the end. A {@link
     * Failure} unless {@link Sandbox#stdin} was given {@link Input#pipe}, or it has a terminal.
     */
    public OutputStream stdin() {
        return execution
                .channels()
                .input()
                .orElseThrow(
                        () ->
                                Failure.of(
                                        Failure.Code.WRONG_STATE,
                                        "the program's input is no pipe; call"
                                                + " Sandbox.stdin(Input.pipe()) first"));
    }

    /**
     * Returns a future of its result. It completes when its processes have ended and nothing of the
     * sandbox is left; cancelling it does not end the program.
     */
    public CompletableFuture<Result> onExit() {
        return result.copy();
    }

    /** Waits for its end. */
    public Result await() throws InterruptedException {
        return Futures.await(result);
    }

    /** Returns whether its first process has not ended yet. */
    public boolean isAlive() {
        return !execution.isOver();
    }

    /** Kills all its processes, with {@link Cause#KILLED}; does nothing if they have ended. */
    public void kill() {
        execution.kill(Cause.KILLED);
    }

    /**
     * Sends a signal to its first process, which may handle it; does nothing if that has ended.
     *
     * @param number as in signal(7): 15 for SIGTERM
     */
    public void signal(int number) {
        execution.signal((int) Given.atLeast(1, number, "Running.signal: number"));
    }

    /** Returns the most memory that it has had until now, in bytes; empty if nothing counts it. */
    public OptionalLong peakMemory() {
        return execution.usage().peakMemoryBytes();
    }

    /** Returns the time that its processes ran until now; empty if nothing counts it. */
    public Optional<Duration> cpuTime() {
        OptionalLong nanos = execution.usage().cpuNanos();
        return nanos.isPresent()
                ? Optional.of(Duration.ofNanos(nanos.getAsLong()))
                : Optional.empty();
    }

    /** Kills it if it runs, and waits until nothing of it is left. */
    @Override
    public void close() {
        kill();
        Futures.awaitEnd(result);
    }
}
