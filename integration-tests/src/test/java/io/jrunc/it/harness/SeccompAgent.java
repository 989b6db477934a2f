// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * Listens on a socket for the descriptors of seccomp filters, and answers for the calls that they
 * notify of. seccomp_unotify(2).
 */
public final class SeccompAgent implements AutoCloseable {
    /** The answer "make the call". */
    public static final int CONTINUE = 1;

    private static final long NOTIF_RECV = 0xc050_2100L;
    private static final long NOTIF_SEND = 0xc018_2101L;
    private static final int FLAG_CONTINUE = 1;
    private static final int POLL_MILLIS = 20;

    private final Kernel kernel = LocalKernel.get();
    private final Path socket = Sandbox.current().freshFile("agent");
    private final Fd listening = kernel.sockets().unixStream("agent");
    private final List<JsonNode> states = new CopyOnWriteArrayList<>();
    private final List<Integer> numbers = new CopyOnWriteArrayList<>();
    private final List<Fd> descriptors = new ArrayList<>();
    private final ToIntFunction<Integer> answers;
    private final Thread thread = new Thread(this::serve, "agent");
    private volatile boolean over;
    private volatile Throwable problem;

    /**
     * Begins to listen.
     *
     * @param answers for the number of a system call: 0, -errno, or {@link #CONTINUE}
     */
    public SeccompAgent(ToIntFunction<Integer> answers) {
        this.answers = answers;
        kernel.sockets().bind(listening, socket.toString());
        kernel.sockets().listen(listening, 5);
        thread.start();
    }

    public String path() {
        return socket.toString();
    }

    /** The documents that came with descriptors. */
    public List<JsonNode> states() {
        return states;
    }

    /** The numbers of the system calls that it was asked about, in order. */
    public List<Integer> numbers() {
        return numbers;
    }

    private void serve() {
        try {
            while (!over) {
                if (kernel.processes()
                        .awaitReadable(listening, descriptors.isEmpty() ? POLL_MILLIS : 0)) {
                    greet();
                }
                for (Fd descriptor : List.copyOf(descriptors)) {
                    if (kernel.processes().awaitReadable(descriptor, POLL_MILLIS)) {
                        answer(descriptor);
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            problem = e;
        }
    }

    private void greet() {
        try (Fd connection = kernel.sockets().accept(listening)) {
            List<Fd> received = new ArrayList<>();
            byte[] message = kernel.sockets().receive(connection, 16384, received);
            if (message.length == 0) {
                return; // the runtime thought better of it
            }
            states.add(Json.parse(new String(message, StandardCharsets.UTF_8)));
            assertEquals(1, received.size(), "descriptors");
            descriptors.add(received.get(0));
            assertEquals(0, kernel.sockets().receive(connection, 1, received).length);
        }
    }

    private void answer(Fd descriptor) {
        Arg.Out notification = Arg.out(80);
        Call receive =
                kernel.descriptors()
                        .ioctl(descriptor, "NOTIF_RECV", NOTIF_RECV, notification)
                        .tolerate(Errno.ENOENT)
                        .submit();
        if (receive.error().isPresent()) {
            descriptors.remove(descriptor); // the last of its processes is gone
            descriptor.close();
            return;
        }
        ByteBuffer fields = notification.buffer();
        int number = fields.getInt(16);
        numbers.add(number);
        int answer = answers.applyAsInt(number);
        Arg.Struct response = Arg.struct(24, "answer").putLong(0, fields.getLong(0));
        if (answer == CONTINUE) {
            response.putInt(20, FLAG_CONTINUE);
        } else {
            response.putInt(16, answer);
        }
        kernel.descriptors()
                .ioctl(descriptor, "NOTIF_SEND", NOTIF_SEND, response)
                .tolerate(Errno.ENOENT)
                .submit();
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        descriptors.forEach(Fd::close);
        listening.close();
        assertTrue(problem == null, () -> "the agent failed: " + problem);
    }
}
