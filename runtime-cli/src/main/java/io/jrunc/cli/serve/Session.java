// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.cli.Cli;
import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Processes;
import io.jrunc.linux.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from a launcher or from any other program. The layout of its messages, and what
 * the launcher makes of them, is in {@code resident.c}.
 *
 * <p>The peer is the process that connected if it sends the greeting's nonce back while its pidfd,
 * opened before the greeting, says that it lives: no other process can have had its pid then.
 */
final class Session {
    private static final int GREETING_MAGIC = 0x3167726a;
    private static final int ACCEPTED = 0x3161726a;
    private static final int COMMIT_BYTES = 40;
    private static final int GREETING_BYTES = 16 + COMMIT_BYTES;
    private static final int MAX_REQUEST_BYTES = 1 << 20;
    private static final long HELLO_MILLIS = 3000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] COMMIT =
            Arrays.copyOf(
                    System.getProperty("jrunc.commit", "unknown")
                            .getBytes(StandardCharsets.US_ASCII),
                    COMMIT_BYTES);

    private final Kernel kernel;
    private final Sockets sockets;
    private final Fd connection;
    private volatile @Nullable Launcher launcher;
    private volatile boolean over;

    /** In nanoseconds of {@link System#nanoTime}; 0: the launcher has not hung up. */
    private long hungUpSince;

    Session(Kernel kernel, Fd connection) {
        this.kernel = kernel;
        this.sockets = kernel.sockets();
        this.connection = connection;
    }

    /**
     * Does what the peer asks for if its context is {@code own}, and hangs up if not.
     *
     * @return whether a request was taken
     * @throws OutOfMemoryError if it took all memory; it has been answered
     */
    boolean serve(CallerContext own) {
        int pid = sockets.peer(connection).pid();
        if (pid <= 0) {
            return false; // in another pid namespace
        }
        Optional<Request> request;
        try (Fd process = kernel.processes().openPid(pid)) {
            if (!CallerContext.of(kernel, pid).equals(own)) {
                return false;
            }
            request = greet(pid, process);
        } catch (Failure f) {
            return false; // it ended meanwhile, or says what no launcher says
        }
        return request.isPresent() && accept(request.get(), pid);
    }

    /** Returns the request, if the peer {@code pid} makes one that is to be taken. */
    private Optional<Request> greet(int pid, Fd process) {
        long nonce = RANDOM.nextLong();
        sockets.limitWaiting(connection, HELLO_MILLIS);
        sockets.identifySenders(connection, true);
        send(greeting(nonce));
        Optional<Sockets.Peer> sender = sockets.peekSender(connection);
        sockets.identifySenders(connection, false);
        if (sender.isEmpty() || sender.get().pid() != pid) {
            return Optional.empty();
        }
        Request request = Request.receive(connection, nonce, MAX_REQUEST_BYTES);
        Processes processes = kernel.processes();
        if (processes.awaitEnd(process, 0) || !ServedCommands.accept(request.arguments())) {
            request.close();
            return Optional.empty();
        }
        return Optional.of(request);
    }

    static byte[] greeting(long nonce) {
        ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES).order(ByteOrder.nativeOrder());
        return greeting.putInt(GREETING_MAGIC).putInt(0).putLong(nonce).put(COMMIT).array();
    }

    private boolean accept(Request request, int pid) {
        try (request) {
            sockets.limitWaiting(connection, 0);
            ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
            try {
                send(word.putInt(ACCEPTED).array());
            } catch (Failure f) {
                return false; // the launcher is gone
            }
            Launcher served = Launcher.served(connection, request, pid);
            launcher = served;
            Cli cli = new Cli(kernel, request, served);
            cli.run();
            if (cli.isOutOfMemory()) {
                throw new OutOfMemoryError(String.join(" ", request.arguments()));
            }
            return true;
        }
    }

    private void send(byte[] bytes) {
        sockets.send(connection, bytes, List.of());
    }

    /** Marks the end: afterwards the connection may be another's. */
    synchronized void close() {
        over = true;
        connection.close();
    }

    /**
     * Interrupts the request if its launcher has hung up {@code millis} ago: it may wait for a
     * process that hangs, for example in a file system that does not answer, and holds the
     * container's lock, for which a delete waits.
     *
     * @return how long ago the launcher has hung up, in milliseconds; 0: it has not
     */
    synchronized long interruptIfLeft(long millis) {
        Launcher serving = launcher;
        if (over || serving == null || !serving.hasHungUp()) {
            return 0;
        }
        long now = System.nanoTime();
        hungUpSince = hungUpSince == 0 ? now : hungUpSince;
        long since = (now - hungUpSince) / 1_000_000;
        if (since >= millis) {
            serving.interrupt();
        }
        return since;
    }
}
