// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.Streams;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Both ends of the streams of a program that is about to start. */
final class StreamEnds implements AutoCloseable {
    private final Kernel kernel;
    private final Loop loop;
    private final Settings settings;
    private final Channels channels;
    private final List<Fd> given = new ArrayList<>();
    private boolean lent;

    StreamEnds(Kernel kernel, Loop loop, Settings settings) {
        this.kernel = kernel;
        this.loop = loop;
        this.settings = settings;
        this.channels = new Channels(kernel, loop, settings.maxOutput());
    }

    /** Opens what the program gets. */
    CreateOptions options() {
        if (settings.hasTerminal()) {
            return CreateOptions.plain()
                    .with(Streams.given(Optional.empty(), Optional.empty(), Optional.empty()));
        }
        Optional<Fd> input = input();
        Optional<Fd> output = output(settings.stdout(), 1);
        Optional<Fd> errors = output(settings.stderr(), 2);
        if (lent) {
            // A pipe of the caller's keeps its owner; then those that were made here do as well.
            return CreateOptions.awaited(Streams.borrowed(input, output, errors));
        }
        return CreateOptions.awaited(Streams.given(input, output, errors));
    }

    private Optional<Fd> input() {
        Input input = settings.stdin();
        return switch (input.kind()) {
            case PIPE -> Optional.of(feed(new InputFeed(() -> loop.submit(channels::sendMore))));
            case BYTES -> Optional.of(feed(new InputFeed(input.bytes())));
            case INHERITED -> {
                lent = true;
                yield input.open(kernel);
            }
            case FILE, NOTHING -> own(input.open(kernel), true);
        };
    }

    private Fd feed(InputFeed feed) {
        Fd[] pipe = kernel.descriptors().pipe("stdin");
        given.add(pipe[0]);
        channels.feed(pipe[1], feed, false);
        return pipe[0];
    }

    private Optional<Fd> output(Output output, int number) {
        if (output.kind() == Output.Kind.CAPTURED) {
            Fd[] pipe = kernel.descriptors().pipe(number == 1 ? "stdout" : "stderr");
            given.add(pipe[1]);
            if (number == 1) {
                channels.captureOutput(pipe[0]);
            } else {
                channels.captureErrors(pipe[0]);
            }
            return Optional.of(pipe[1]);
        }
        lent |= output.kind() == Output.Kind.INHERITED;
        return own(output.open(kernel, number), output.kind() != Output.Kind.INHERITED);
    }

    private Optional<Fd> own(Optional<Fd> opened, boolean ours) {
        if (ours) {
            opened.ifPresent(given::add);
        }
        return opened;
    }

    /** Returns this side, once the program has the other one. */
    Channels channels(Optional<Fd> terminal) {
        closeGiven();
        if (settings.hasTerminal()) {
            Fd master =
                    terminal.orElseThrow(
                            () ->
                                    Failure.of(
                                            Failure.Code.INTERNAL,
                                            "the sandbox was made without its terminal"));
            channels.feed(
                    kernel.descriptors().duplicate(master),
                    new InputFeed(() -> loop.submit(channels::sendMore)),
                    true);
            channels.captureOutput(master);
        }
        return channels;
    }

    private void closeGiven() {
        given.forEach(Fd::close);
    }

    /** The program could not be started. */
    @Override
    public void close() {
        closeGiven();
        channels.close();
    }
}
