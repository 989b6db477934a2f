// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * This side of a program's streams. The loop's thread reads and writes them as far as they are
 * ready, so no program can hang because nothing reads what it writes.
 */
final class Channels {
    private static final int MOST_AT_ONCE = 65536;

    /** Room that a pipe has if it has any: PIPE_BUF, pipe(7). */
    private static final int PIPE_BUF = 4096;

    private static final byte[] END_OF_TRANSMISSION = {4};

    private final Kernel kernel;
    private final Loop loop;
    private final long maxOutput;
    private final OutputBuffer output = new OutputBuffer();
    private final OutputBuffer errors = new OutputBuffer();
    private final List<Captured> captured = new ArrayList<>();
    private Optional<Feeding> feeding = Optional.empty();
    private long written;

    Channels(Kernel kernel, Loop loop, long maxOutput) {
        this.kernel = kernel;
        this.loop = loop;
        this.maxOutput = maxOutput;
    }

    /** An end that the program's output is read from. */
    private static final class Captured {
        private final Fd end;
        private final OutputBuffer buffer;
        private long tag;

        private Captured(Fd end, OutputBuffer buffer) {
            this.end = end;
            this.buffer = buffer;
        }
    }

    /** An end that the program's input is written to. */
    private static final class Feeding {
        private final Fd end;
        private final InputFeed feed;
        private final boolean terminal;
        private long tag;

        private Feeding(Fd end, InputFeed feed, boolean terminal) {
            this.end = end;
            this.feed = feed;
            this.terminal = terminal;
        }
    }

    /** Standard output comes from {@code end}, which is closed with these. */
    void captureOutput(Fd end) {
        captured.add(new Captured(end, output));
    }

    /** Error messages come from {@code end}, which is closed with these. */
    void captureErrors(Fd end) {
        captured.add(new Captured(end, errors));
    }

    /** Input goes to {@code end}, which is closed with these. */
    void feed(Fd end, InputFeed feed, boolean terminal) {
        feeding = Optional.of(new Feeding(end, feed, terminal));
    }

    OutputBuffer output() {
        return output;
    }

    OutputBuffer errors() {
        return errors;
    }

    Optional<InputFeed> input() {
        return feeding.map(input -> input.feed);
    }

    byte[] restOfOutput() {
        return output.rest();
    }

    byte[] restOfErrors() {
        return errors.rest();
    }

    /** For the loop: begins. */
    void open(Runnable tooMuch) {
        for (Captured one : captured) {
            one.tag = loop.onInput(one.end, () -> take(one, tooMuch));
        }
        feeding.ifPresent(input -> send(input));
    }

    /** For the loop: the calling program has written more input, or has closed it. */
    void sendMore() {
        feeding.ifPresent(
                input -> {
                    if (input.tag == 0) {
                        send(input);
                    }
                });
    }

    private void take(Captured one, Runnable tooMuch) {
        byte[] bytes = read(one);
        if (bytes.length == 0) {
            close(one);
        } else if (!keep(one, bytes)) {
            tooMuch.run();
        }
    }

    /** Returns no bytes at its end. */
    private byte[] read(Captured one) {
        try {
            return kernel.files().read(one.end, MOST_AT_ONCE);
        } catch (Failure f) {
            if (f.is(Errno.EIO)) {
                return new byte[0]; // a terminal that no process has open any more
            }
            throw f;
        }
    }

    /** Keeps what is allowed; returns whether that was all. */
    private boolean keep(Captured one, byte[] bytes) {
        long allowed = maxOutput - written;
        written += bytes.length;
        if (bytes.length > allowed) {
            one.buffer.add(Arrays.copyOf(bytes, (int) Math.max(0, allowed)));
            written = maxOutput;
            return false;
        }
        one.buffer.add(bytes);
        return true;
    }

    private void close(Captured one) {
        if (one.tag != 0 && one.end.isOpen()) {
            loop.forget(one.tag, one.end);
        }
        one.end.close();
        one.buffer.end();
    }

    /** Sends what there is room for, and waits for room or for more only as long as needed. */
    private void send(Feeding input) {
        byte[] bytes = input.feed.next(PIPE_BUF);
        if (bytes.length == 0) {
            pause(input);
            if (input.feed.isOver()) {
                finish(input);
            }
            return;
        }
        if (input.tag == 0) {
            if (!input.end.isOpen()) {
                input.feed.breakOff();
                return;
            }
            input.tag = loop.onOutput(input.end, () -> send(input));
            return; // until there is room
        }
        long result = kernel.files().writeTolerantly(input.end, bytes).result();
        if (result > 0) {
            input.feed.sent((int) result);
        } else if (result != -Errno.EAGAIN.number()) {
            pause(input);
            input.feed.breakOff();
            input.end.close();
        }
    }

    private void pause(Feeding input) {
        if (input.tag != 0) {
            loop.forget(input.tag, input.end);
            input.tag = 0;
        }
    }

    private void finish(Feeding input) {
        if (input.terminal && input.end.isOpen()) {
            kernel.files().writeTolerantly(input.end, END_OF_TRANSMISSION);
        }
        input.end.close();
    }

    /** For the loop: all processes have ended. */
    void drainAndClose() {
        for (Captured one : captured) {
            while (one.end.isOpen() && kernel.processes().awaitReadable(one.end, 0)) {
                byte[] bytes = read(one);
                if (bytes.length == 0) {
                    break;
                }
                keep(one, bytes);
            }
        }
        close();
    }

    /** Closes all of them. */
    void close() {
        captured.forEach(this::close);
        output.end();
        errors.end();
        feeding.ifPresent(
                input -> {
                    if (input.end.isOpen()) {
                        pause(input);
                    }
                    input.feed.breakOff();
                    input.end.close();
                });
    }
}
