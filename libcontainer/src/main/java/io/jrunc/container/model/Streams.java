// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The standard streams of a container's program, where they are not those that its spawner has for
 * it. What a program finds there it can read, write and truncate, as far as the descriptor allows.
 *
 * <p>For one container. One thread may write while others read; each stream is for one thread.
 */
public final class Streams implements AutoCloseable {
    /** Input, output, errors; absent: {@code /dev/null}. */
    private final List<Optional<Fd>> ends;

    private final List<Fd> peers;

    /** Whether they were made for the program. */
    private final boolean ours;

    private Streams(List<Optional<Fd>> ends, List<Fd> peers, boolean ours) {
        this.ends = ends;
        this.peers = peers;
        this.ours = ours;
    }

    /**
     * Returns streams that were made for the program: it gets them, and its user becomes the owner
     * of pipes among them. What is absent is {@code /dev/null}.
     */
    public static Streams given(Optional<Fd> input, Optional<Fd> output, Optional<Fd> errors) {
        return new Streams(all("given", input, output, errors), List.of(), true);
    }

    /**
     * Returns streams from descriptors of the caller, which still has to close them; the files do
     * not change their owner. What is absent is {@code /dev/null}.
     */
    public static Streams borrowed(Optional<Fd> input, Optional<Fd> output, Optional<Fd> errors) {
        return new Streams(all("borrowed", input, output, errors), List.of(), false);
    }

    private static List<Optional<Fd>> all(
            String method, Optional<Fd> input, Optional<Fd> output, Optional<Fd> errors) {
        return List.of(
                Objects.requireNonNull(input, () -> "Streams." + method + ": input is null"),
                Objects.requireNonNull(output, () -> "Streams." + method + ": output is null"),
                Objects.requireNonNull(errors, () -> "Streams." + method + ": errors is null"));
    }

    /**
     * Creates three pipes, for one process. Its user becomes their owner, so that it can reopen
     * /dev/stdout. To be closed when they are no longer used.
     */
    public static Streams pipes() {
        return pipes(LocalKernel.get());
    }

    /** As {@link #pipes()}. */
    public static Streams pipes(Kernel kernel) {
        Fd[] input = kernel.descriptors().pipe("stdin");
        Fd[] output = kernel.descriptors().pipe("stdout");
        Fd[] errors = kernel.descriptors().pipe("stderr");
        return new Streams(
                List.of(Optional.of(input[0]), Optional.of(output[1]), Optional.of(errors[1])),
                Arrays.asList(input[1], output[0], errors[0]),
                true);
    }

    /** Where the program's input is written; lent. Only of {@link #pipes}. */
    public Fd input() {
        return peers.get(0);
    }

    /** Where the program's output is read; lent. Only of {@link #pipes}. */
    public Fd output() {
        return peers.get(1);
    }

    /** Where the program's error messages are read; lent. Only of {@link #pipes}. */
    public Fd errors() {
        return peers.get(2);
    }

    /**
     * Returns a stream that writes to the program's input; closing it lets the program see the end.
     */
    public OutputStream stdin() {
        return new PipeOutput(LocalKernel.get(), input());
    }

    /** Returns a stream that reads the program's output, as it comes. */
    public InputStream stdout() {
        return new PipeInput(LocalKernel.get(), output());
    }

    /** Returns a stream that reads the program's error messages, as they come. */
    public InputStream stderr() {
        return new PipeInput(LocalKernel.get(), errors());
    }

    /** Whether they were made for the program, and may become its user's. */
    boolean areOurs() {
        return ours;
    }

    /** Makes them those of the process behind {@code kernel}. */
    public void giveTo(Kernel kernel) {
        for (int number = 0; number < ends.size(); number++) {
            if (ends.get(number).isPresent()) {
                kernel.descriptors().duplicateTo(ends.get(number).get(), number);
            } else {
                try (Fd nothing = kernel.files().open("/dev/null", OpenFlag.RDWR)) {
                    kernel.descriptors().duplicateTo(nothing, number);
                }
            }
        }
        kernel.flush();
    }

    /** The program has them: from now on a pipe ends when the program closes it. */
    public void areGiven() {
        if (areOurs()) {
            ends.forEach(end -> end.ifPresent(Fd::close));
        }
    }

    /** Closes the pipes; descriptors of the caller stay open. */
    @Override
    public void close() {
        areGiven();
        peers.forEach(Fd::close);
    }
}
