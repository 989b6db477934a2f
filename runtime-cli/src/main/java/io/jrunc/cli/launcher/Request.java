// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Strings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The caller's command and its surroundings: the launcher's first message.
 *
 * <pre>
 *   0       4           8           12       16
 *   | magic | arguments | variables | length | nonce | working directory, arguments, environment
 * </pre>
 *
 * Strings end in a zero byte. The standard streams travel beside the first byte.
 *
 * @param directory the caller's working directory, absolute; empty if it is gone
 * @param arguments without the program's own name
 * @param environment {@code NAME=value}
 * @param streams the caller's standard input, output and error
 */
public record Request(
        String directory, List<String> arguments, List<String> environment, List<Fd> streams)
        implements AutoCloseable {
    private static final int MAGIC = 0x3168726a;
    private static final int HEAD_BYTES = 24;
    private static final int STREAMS = 3;
    private static final int MAX_BYTES = 64 << 20;

    public Request {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        streams = List.copyOf(streams);
    }

    /** Reads the launcher's message from {@code socket}. */
    public static Request receive(Fd socket) {
        return receive(socket, 0, MAX_BYTES);
    }

    /**
     * As {@link #receive(Fd)}, from a peer that may be any program.
     *
     * @param nonce what the message must repeat
     * @param maxBytes the longest message that is read
     */
    public static Request receive(Fd socket, long nonce, int maxBytes) {
        List<Fd> streams = new ArrayList<>(STREAMS);
        try {
            return receive(socket, nonce, maxBytes, streams);
        } catch (RuntimeException f) {
            for (Fd stream : streams) {
                stream.close();
            }
            throw f;
        }
    }

    private static Request receive(Fd socket, long nonce, int maxBytes, List<Fd> streams) {
        Kernel kernel = socket.kernel();
        Optional<byte[]> head = kernel.sockets().receiveFully(socket, HEAD_BYTES, streams);
        if (head.isEmpty()) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, "the launcher ended before it asked for anything");
        }
        ByteBuffer fields = ByteBuffer.wrap(head.get()).order(ByteOrder.nativeOrder());
        int length = fields.getInt(12);
        if (streams.size() < STREAMS) {
            throw Failure.of(
                    Failure.Code.LIMIT,
                    "RLIMIT_NOFILE leaves no descriptors for a JVM; allow 64 or more");
        }
        boolean expected = fields.getInt(0) == MAGIC && fields.getLong(16) == nonce;
        if (!expected || length < 0 || length > maxBytes) {
            throw otherVersion();
        }
        Optional<byte[]> text = kernel.sockets().receiveFully(socket, length, streams);
        List<String> strings = text.isEmpty() ? List.of() : split(text.get());
        int arguments = fields.getInt(4);
        int variables = fields.getInt(8);
        if (arguments < 0 || variables < 0 || strings.size() - 1L != (long) arguments + variables) {
            throw otherVersion();
        }
        int end = 1 + arguments + variables;
        return new Request(
                strings.get(0),
                strings.subList(Math.min(2, 1 + arguments), 1 + arguments),
                strings.subList(1 + arguments, end),
                streams);
    }

    private static Failure otherVersion() {
        return Failure.of(
                Failure.Code.PROTOCOL, "the launcher is of another version than this program");
    }

    private static List<String> split(byte[] text) {
        List<String> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                strings.add(Strings.decode(text, start, i - start));
                start = i + 1;
            }
        }
        return strings;
    }

    /** Returns the value of an environment variable; empty if it is not set. */
    public String variable(String name) {
        String prefix = name + "=";
        for (String variable : environment) {
            if (variable.startsWith(prefix)) {
                return variable.substring(prefix.length());
            }
        }
        return "";
    }

    /** {@code path}, absolute, for messages and comparisons: {@link Launcher} opens it. */
    String absolute(String path) {
        if (path.startsWith("/")) {
            return path;
        }
        return directory.equals("/") ? "/" + path : directory + "/" + path;
    }

    public Fd in() {
        return streams.get(0);
    }

    public Fd out() {
        return streams.get(1);
    }

    public Fd err() {
        return streams.get(2);
    }

    /** Closes the streams. */
    @Override
    public void close() {
        for (Fd stream : streams) {
            stream.close();
        }
    }
}
