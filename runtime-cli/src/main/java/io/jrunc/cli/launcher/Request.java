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

/**
 * The caller's command and its surroundings: the launcher's first message.
 *
 * <pre>
 *   0       4           8           12
 *   | magic | arguments | variables | length | working directory, arguments, environment
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
        String directory, List<String> arguments, List<String> environment, List<Fd> streams) {
    private static final int MAGIC = 0x3168726a;
    private static final int HEAD_BYTES = 16;
    private static final int STREAMS = 3;
    private static final int MAX_BYTES = 64 << 20;

    public Request {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        streams = List.copyOf(streams);
    }

    /** Reads the launcher's message from {@code socket}. */
    public static Request receive(Fd socket) {
        Kernel kernel = socket.kernel();
        List<Fd> streams = new ArrayList<>(STREAMS);
        byte[] head = kernel.sockets().receiveFully(socket, HEAD_BYTES, streams);
        if (head == null) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, "the launcher ended before it asked for anything");
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
        int length = fields.getInt(12);
        if (streams.size() < STREAMS) {
            throw Failure.of(
                    Failure.Code.LIMIT,
                    "RLIMIT_NOFILE leaves no descriptors for a JVM; allow 64 or more");
        }
        if (fields.getInt(0) != MAGIC || length < 0 || length > MAX_BYTES) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, "the launcher is of another version than this program");
        }
        byte[] text = kernel.sockets().receiveFully(socket, length, new ArrayList<>());
        List<String> strings = split(text);
        int arguments = fields.getInt(4);
        int end = 1 + arguments + fields.getInt(8);
        return new Request(
                strings.get(0),
                strings.subList(Math.min(2, 1 + arguments), 1 + arguments),
                strings.subList(1 + arguments, end),
                streams);
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
}
