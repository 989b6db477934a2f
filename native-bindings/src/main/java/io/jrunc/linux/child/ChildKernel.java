// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Attempt;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Has another process make the calls, in {@code batch.c}. They are collected until a result is
 * needed and then travel as one batch.
 *
 * <pre>
 *   runtime                         child
 *      |  head, operations, data      |
 *      | ---------------------------> |   makes the calls in order, up to the first failure
 *      |  head, results, output       |
 *      | <--------------------------- |
 *      |  end of stream               |
 *      | ---------------------------> |   carries out its cleanup batch, if it has one, and exits
 * </pre>
 */
public final class ChildKernel implements Kernel {
    private static final int MAX_CALLS = 1000;

    private final String processName;
    private final Fd socket;
    private final Sockets sockets;
    private Batch batch = new Batch(this);
    private int sequence;

    /** What is being done, for failures; null if nothing has a name. */
    private Object origin;

    /** The attempt whose calls are being submitted, or null. */
    private Attempt attempt;

    /** Conversations with processes that this one has made, or that depend on it. */
    private final List<ChildKernel> born = new CopyOnWriteArrayList<>();

    /** What ends in an execve(2) that has not been seen to succeed; null if nothing does. */
    private Batch beforeExec;

    private int beforeExecSequence;

    /**
     * Talks to the process at the other end of {@code socket}, which is closed with this kernel.
     *
     * @param processName what it is, for messages: {@code init}
     */
    public ChildKernel(Fd socket, String processName) {
        this.socket = socket;
        this.sockets = socket.kernel().sockets();
        this.processName = processName;
    }

    @Override
    public void submit(Call call) {
        for (Arg arg : call.args()) {
            if (arg instanceof Fd fd) {
                fd.requireOpen();
            }
        }
        if (call.isPointless()) {
            call.complete(-Errno.ECANCELED.number());
            return;
        }
        call.partOf(origin, attempt);
        batch.add(call);
        if (batch.size() >= MAX_CALLS && attempt == null) {
            flush();
        }
    }

    @Override
    public void attempt(Runnable calls, Consumer<Failure> otherwise) {
        if (attempt != null) {
            throw new IllegalStateException("an attempt within an attempt");
        }
        attempt = new Attempt(otherwise);
        try {
            calls.run();
        } finally {
            attempt = null;
        }
    }

    @Override
    public void then(Runnable decision) {
        batch.then(decision, origin);
    }

    @Override
    public void attribute(Object newOrigin) {
        origin = newOrigin;
    }

    /** Also decides, and makes the calls that decisions have submitted. */
    @Override
    public void flush() {
        if (attempt != null) {
            throw new IllegalStateException("a call of an attempt waits for its result");
        }
        while (!batch.isEmpty()) {
            Batch sent = batch;
            Call failed = null;
            if (batch.size() == 0) {
                batch = new Batch(this);
            } else {
                sent = send(0);
                Reply reply = receive(sent);
                if (reply == null) {
                    sent.abandon();
                    throw died();
                }
                failed = sent.complete(reply.bytes, reply.attached);
            }
            Object now = origin;
            try {
                settle(sent, failed);
            } catch (RuntimeException e) {
                sent.abandon();
                throw e instanceof Failure f ? f.from(origin) : e; // of what was being settled
            } finally {
                origin = now;
            }
        }
    }

    /** Does what the results ask for, in the order in which the calls were submitted. */
    private void settle(Batch sent, Call failed) {
        for (Batch.Decision decision : sent.decisionsBefore(failed)) {
            origin = decision.origin();
            decision.action().run();
        }
        if (failed == null) {
            return;
        }
        origin = failed.origin();
        Failure failure = failed.failure(failed.result());
        if (failed.attempt() == null) {
            throw failure;
        }
        flush(); // what was decided
        Batch rest = new Batch(this);
        sent.moveRest(failed, rest);
        try {
            failed.attempt().replace(failure);
            flush();
            batch = rest;
        } finally {
            if (batch != rest) {
                rest.abandon();
            }
        }
    }

    @Override
    public ChildKernel bornOf(Call clone, String name) {
        Fd conversation = clone.attached();
        if (conversation == null) {
            throw Failure.syscall(
                    "recvmsg", name, Errno.EMFILE, "no descriptor is left for its conversation");
        }
        ChildKernel process = new ChildKernel(conversation.renamed(name), name);
        born.add(process);
        return process;
    }

    @Override
    public void leave(Consumer<Kernel> lastCalls) {
        lastCalls.accept(this);
        send(0).abandon();
        close();
    }

    /**
     * What was submitted becomes the cleanup batch: the process does it when the conversation ends.
     */
    public void sendAsCleanup() {
        send(BatchLayout.CLEANUP).abandon();
    }

    /**
     * As {@link #sendAsCleanup}; the earlier cleanup batch counts until {@link ChildOp#SUPERVISE}.
     */
    public void sendAsNextCleanup() {
        send(BatchLayout.NEXT_CLEANUP).abandon();
    }

    /**
     * Sends what was submitted, which ends in an execve(2) after which a new conversation begins on
     * the same socket. If one of the calls fails, whatever asks next throws its {@link Failure}.
     */
    void sendBeforeExec() {
        beforeExec = send(0);
        beforeExecSequence = sequence; // later batches have other numbers, which the reply echoes
    }

    @Override
    public void finish() {
        Batch sent = send(0);
        Reply reply = receive(sent);
        if (reply != null) {
            throwFailure(sent, reply.bytes, reply.attached);
            throw Failure.of(
                    Failure.Code.PROTOCOL,
                    processName + " answered where it should have become the program");
        }
        sent.abandon();
        close();
    }

    @Override
    public void finishWhile(Consumer<Kernel> lastCalls, Consumer<Fd> meanwhile) {
        flush();
        recorded(lastCalls).play(socket, meanwhile);
        close();
    }

    /** Bytes for {@link RecordedBatch#fromBytes}. */
    @Override
    public byte[] record(Consumer<Kernel> calls) {
        return recorded(calls).toBytes();
    }

    private RecordedBatch recorded(Consumer<Kernel> calls) {
        Batch submitted = batch;
        batch = new Batch(this);
        calls.accept(this);
        Batch recorded = batch;
        batch = submitted;
        byte[] request = recorded.encode(1, 0);
        if (!recorded.descriptors().isEmpty()) {
            throw new IllegalStateException("a recording cannot carry descriptors");
        }
        String names = recorded.names();
        recorded.abandon();
        return new RecordedBatch(request, names);
    }

    /** Not at the same time as {@link #interrupt}: the number may be another's afterwards. */
    @Override
    public synchronized void close() {
        socket.close();
    }

    /**
     * Ends this conversation and those with processes that this one has made, from any thread: a
     * thread that waits for an answer gets {@link Failure.Code#PROCESS_DIED}.
     */
    public synchronized void interrupt() {
        born.forEach(ChildKernel::interrupt);
        if (!isOver()) {
            sockets.shutDown(socket);
        }
    }

    /** Has {@link #interrupt} end another conversation, too. */
    public void include(ChildKernel other) {
        born.add(other);
    }

    /** Returns the socket of this conversation. */
    public Fd socket() {
        return socket;
    }

    /** Returns whether the conversation has come to its end, as far as this side knows. */
    public boolean isOver() {
        return !socket.isOpen();
    }

    private Batch send(int flags) {
        Batch sent = batch;
        batch = new Batch(this);
        if (isOver()) {
            sent.abandon();
            throw died();
        }
        byte[] request = sent.encode(++sequence, flags);
        try {
            sockets.send(socket, request, sent.descriptors());
        } catch (Failure f) {
            sent.abandon();
            throw f.is(Errno.EPIPE) || f.is(Errno.ECONNRESET) ? died() : f;
        }
        return sent;
    }

    private record Reply(byte[] bytes, List<Fd> attached) {}

    /** Returns the reply to what was sent; null if the process ended instead. */
    private Reply receive(Batch sent) {
        try {
            return reply(sent);
        } catch (RuntimeException f) {
            // The answer may come yet: whatever is asked next would get it. So nothing is.
            sent.abandon();
            close();
            throw f;
        }
    }

    private Reply reply(Batch sent) {
        List<Fd> attached = new ArrayList<>(1);
        byte[] bytes =
                beforeExec == null
                        ? sockets.receiveFully(socket, sent.replyLength(), attached)
                        : firstReply(sent, attached);
        if (bytes == null) {
            return null;
        }
        if (magic(bytes) != BatchLayout.MAGIC || sequence(bytes) != sequence) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, processName + " answered something that was not asked");
        }
        return new Reply(bytes, attached);
    }

    /**
     * Returns the reply of a process that should have become another program. If it did not, it
     * answers the batch that should have made it: {@link Failure}, of the call that was refused.
     */
    private byte[] firstReply(Batch sent, List<Fd> attached) {
        Batch last = beforeExec;
        beforeExec = null;
        byte[] head = sockets.receiveFully(socket, BatchLayout.REPLY_HEAD_BYTES, attached);
        boolean executed = head == null || sequence(head) != beforeExecSequence;
        byte[] bytes = head == null ? null : completed(head, executed ? sent : last);
        if (!executed && bytes != null) {
            throwFailure(last, bytes, List.of());
        }
        last.abandon();
        return bytes;
    }

    /** Throws the failure of a batch that should not have been answered. */
    private static void throwFailure(Batch answered, byte[] reply, List<Fd> attached) {
        Call failed = answered.complete(reply, attached);
        answered.abandon();
        if (failed != null) {
            throw failed.failure(failed.result()).from(failed.origin());
        }
    }

    private byte[] completed(byte[] head, Batch answered) {
        int length = answered.replyLength() - head.length;
        byte[] rest = sockets.receiveFully(socket, length, new ArrayList<>());
        if (rest == null) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, head.length + length);
        System.arraycopy(rest, 0, bytes, head.length, length);
        return bytes;
    }

    private static int magic(byte[] reply) {
        return ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder()).getInt(0);
    }

    private static int sequence(byte[] reply) {
        return ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder()).getInt(BatchLayout.SEQUENCE);
    }

    private Failure died() {
        return Failure.of(Failure.Code.PROCESS_DIED, processName + " ended unexpectedly");
    }
}
