// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A batch that was encoded earlier, to be made in one go: connect, send, done. It ends in
 * execve(2).
 *
 * @param request the encoded batch
 * @param names one line per operation, to name the one that failed, and after tabs hints for the
 *     user, by errno: {@code execve /bin/sh}, {@code ENOEXEC it is for s390}
 */
public record RecordedBatch(byte[] request, String names) {

    /** As one sequence of bytes: the request's length, the request, the names. */
    byte[] toBytes() {
        byte[] text = names.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(4 + request.length + text.length);
        all.order(ByteOrder.nativeOrder()).putInt(request.length).put(request).put(text);
        return all.array();
    }

    /** Returns the reverse of {@link #toBytes}; {@link Failure} if these are other bytes. */
    public static RecordedBatch fromBytes(byte[] bytes) {
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int length = bytes.length < 4 ? -1 : all.getInt();
        if (length < 0 || length > all.remaining() || !isWhole(all.slice(), length)) {
            throw Failure.of(
                    Failure.Code.DAMAGED, "these " + bytes.length + " bytes are no recorded calls");
        }
        byte[] request = new byte[length];
        all.get(request);
        byte[] text = new byte[all.remaining()];
        all.get(text);
        return new RecordedBatch(request, new String(text, StandardCharsets.UTF_8));
    }

    private static boolean isWhole(ByteBuffer request, int length) {
        request.order(ByteOrder.nativeOrder());
        return length >= BatchLayout.HEAD_BYTES
                && request.getInt(0) == BatchLayout.MAGIC
                && length
                        == BatchLayout.HEAD_BYTES
                                + (long) BatchLayout.OPERATION_BYTES
                                        * request.getInt(BatchLayout.OPERATIONS)
                                + request.getInt(BatchLayout.DATA_LENGTH);
    }

    /**
     * Sends the batch to the process at the other end of {@code socket} and waits until it became
     * the program. Throws the failure of the call that went wrong.
     */
    public void play(Fd socket) {
        play(socket, conversation -> {});
    }

    /**
     * As {@link #play(Fd)}; {@code meanwhile} runs while the calls are being made, and receives
     * {@code socket}.
     */
    public void play(Fd socket, Consumer<Fd> meanwhile) {
        Sockets sockets = socket.kernel().sockets();
        sockets.send(socket, request, List.of());
        meanwhile.accept(socket);
        ByteBuffer fields = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder());
        int operations = fields.getInt(BatchLayout.OPERATIONS);
        int length =
                BatchLayout.REPLY_HEAD_BYTES
                        + operations * BatchLayout.RESULT_BYTES
                        + fields.getInt(BatchLayout.OUTPUT_LENGTH);
        Optional<byte[]> reply = sockets.receiveFully(socket, length, new ArrayList<>());
        if (reply.isPresent()) {
            throw failure(ByteBuffer.wrap(reply.get()).order(ByteOrder.nativeOrder()));
        }
    }

    private Failure failure(ByteBuffer reply) {
        int last = reply.getInt(BatchLayout.DONE) - 1;
        int at = BatchLayout.REPLY_HEAD_BYTES + last * BatchLayout.RESULT_BYTES;
        Errno errno = Errno.of((int) -reply.getLong(at));
        String[] lines = names.split("\n", -1);
        String[] fields = (last < lines.length ? lines[last] : "").split("\t", -1);
        String hint = "";
        for (int i = 1; i < fields.length; i++) {
            if (before(fields[i]).equals(errno.name())) {
                hint = after(fields[i]);
            }
        }
        return Failure.syscall(before(fields[0]), after(fields[0]), errno, hint);
    }

    private static String before(String field) {
        int space = field.indexOf(' ');
        return space < 0 ? field : field.substring(0, space);
    }

    private static String after(String field) {
        int space = field.indexOf(' ');
        return space < 0 ? "" : field.substring(space + 1);
    }

    /** Returns a text as a part of {@link #names}. */
    static String field(String text) {
        return text.replace('\n', ' ').replace('\t', ' ');
    }

    /** Returns a hint for the user about an error, as a part of {@link #names}. */
    static String hint(String errno, String text) {
        return "\t" + errno + " " + field(text);
    }

    /** Reads the reply of a process that was waiting to be spoken to: its greeting. */
    public static void awaitGreeting(Fd socket, int operations) {
        int length = BatchLayout.REPLY_HEAD_BYTES + operations * BatchLayout.RESULT_BYTES;
        Sockets sockets = socket.kernel().sockets();
        if (sockets.receiveFully(socket, length, new ArrayList<>()).isEmpty()) {
            throw Failure.of(
                    Failure.Code.PROCESS_DIED, "the container's init ended before it was started");
        }
    }
}
