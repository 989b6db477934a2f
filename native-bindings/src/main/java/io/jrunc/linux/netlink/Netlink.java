// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation with the kernel about one network namespace: that in which the socket was made.
 * netlink(7).
 */
public final class Netlink implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    private final Kernel kernel;
    private final Fd socket;
    private int sequence;

    /** Talks over {@code socket}, which {@code kernel} has open and which is closed with this. */
    public Netlink(Kernel kernel, Fd socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Has the kernel do something; its answer is that it did. */
    void request(NetlinkMessage message, String subject) {
        ask(message, subject);
    }

    /**
     * Returns what the kernel answers: nothing, one message, or several.
     *
     * @param subject what it is about, for messages
     */
    List<NetlinkReply> ask(NetlinkMessage message, String subject) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<List<NetlinkReply>> replies = askOnce(message, subject);
            if (replies.isPresent()) {
                return replies.get();
            }
        }
        throw Failure.syscall("netlink", message + " " + subject, Errno.EINTR, "it keeps changing");
    }

    /** As {@link #ask}; empty if the answer would be a mixture of before and after a change. */
    private Optional<List<NetlinkReply>> askOnce(NetlinkMessage message, String subject) {
        sequence++;
        kernel.sockets().sendMessage(socket, message.bytes(sequence), message + " " + subject);
        List<NetlinkReply> answers = new ArrayList<>();
        boolean interrupted = false;
        while (true) {
            byte[] received = kernel.sockets().receiveMessage(socket);
            if (received.length == 0) {
                throw Failure.of(
                        Failure.Code.PROTOCOL, "netlink: no answer to " + message + " " + subject);
            }
            for (NetlinkReply reply : NetlinkReply.all(received)) {
                if (reply.sequence() != sequence) {
                    continue;
                }
                interrupted |= reply.isInterrupted();
                Optional<Errno> error = reply.error();
                if (error.isPresent()) {
                    throw Failure.syscall(
                            "netlink", message + " " + subject, error.get(), reply.explanation());
                }
                if (reply.isLast()) {
                    return interrupted ? Optional.empty() : Optional.of(answers);
                }
                answers.add(reply);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
