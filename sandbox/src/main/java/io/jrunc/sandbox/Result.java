// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.model.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How a program in a sandbox has ended, and what it has used. Never changes. */
public final class Result {
    private final Cause cause;
    private final int exitCode;
    private final OptionalInt signal;
    private final byte[] stdout;
    private final byte[] stderr;
    private final OptionalLong peakMemory;
    private final Optional<Duration> cpuTime;
    private final Duration wallTime;

    Result(
            Cause cause,
            ExitStatus status,
            byte[] stdout,
            byte[] stderr,
            OptionalLong peakMemory,
            OptionalLong cpuNanos,
            Duration wallTime) {
        this.cause = cause;
        this.signal = status.signal();
        this.exitCode = status.code();
        this.stdout = stdout;
        this.stderr = stderr;
        this.peakMemory = peakMemory;
        this.cpuTime =
                cpuNanos.isPresent()
                        ? Optional.of(Duration.ofNanos(cpuNanos.getAsLong()))
                        : Optional.empty();
        this.wallTime = wallTime;
    }

    /** Returns why it has ended. */
    public Cause cause() {
        return cause;
    }

    /** Returns whether it exited by itself, with 0. */
    public boolean isSuccess() {
        return cause == Cause.EXIT && exitCode == 0;
    }

    /** Returns its exit code; 128 and the number of the signal if one ended it, as in a shell. */
    public int exitCode() {
        return exitCode;
    }

    /** Returns the number of the signal that ended it; empty if it exited. */
    public OptionalInt signal() {
        return signal;
    }

    /**
     * Returns what it wrote to its standard output, as UTF-8, as far as nothing has read it from
     * {@link Running#stdout}; empty if that was not captured.
     */
    public String stdout() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** Returns the same for its error messages. */
    public String stderr() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    /** Returns the bytes of {@link #stdout}. */
    public byte[] stdoutBytes() {
        return stdout.clone();
    }

    /** Returns the bytes of {@link #stderr}. */
    public byte[] stderrBytes() {
        return stderr.clone();
    }

    /** Returns the most memory that it had at once, in bytes; empty if nothing counts it. */
    public OptionalLong peakMemory() {
        return peakMemory;
    }

    /** Returns the time that its processes ran on a processor; empty if nothing counts it. */
    public Optional<Duration> cpuTime() {
        return cpuTime;
    }

    /** Returns the time from its start to its end. */
    public Duration wallTime() {
        return wallTime;
    }

    /** Returns one line for people: {@code TIMEOUT, exit code 137, 3.002 s}. */
    @Override
    public String toString() {
        return cause + ", exit code " + exitCode + ", " + wallTime.toMillis() / 1000.0 + " s";
    }
}
