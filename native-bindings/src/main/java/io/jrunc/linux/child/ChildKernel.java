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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has another process make the calls, in {@code batch.c}. They are collected until a result is
 * needed and then travel as one batch.
 *
 * <pre>{@code
 * runtime                         child
 *    |  head, operations, data      |
 *    | ---------------------------> |   makes the calls in order, up to the first failure
 *    |  head, results, output       |
 *    | <--------------------------- |
 *    |  end of stream               |
 *    | ---------------------------> |   carries out its cleanup batch, if it has one, and exits
 * }</pre>
 */
public final class ChildKernel implements Kernel {
    private static final int MAX_CALLS = 1000;

    private final String processName;
    private final Fd socket;
    private final Sockets sockets;
    private Batch batch = new Batch(this);
    private int sequence;

    /** What is being done, for failures; empty if it has no name. */
    private Optional<Object> origin = Optional.empty();

    /** The attempt whose calls are being submitted. */
    private Optional<Attempt> attempt = Optional.empty();

    /** Conversations with processes that this one has made, or that depend on it. */
    private final List<ChildKernel> born = new CopyOnWriteArrayList<>();

    /** What ends in an execve(2) that has not been seen to succeed; null if nothing does. */
    private @Nullable Batch beforeExec;

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
        if (batch.size() >= MAX_CALLS && attempt.isEmpty()) {
            flush();
        }
    }

    @Override
    public void attempt(Runnable calls, Consumer<Failure> otherwise) {
        if (attempt.isPresent()) {
            throw new IllegalStateException("an attempt within an attempt");
        }
        attempt = Optional.of(new Attempt(otherwise));
        try {
            calls.run();
        } finally {
            attempt = Optional.empty();
        }
    }

    @Override
    public void then(Runnable decision) {
        batch.then(decision, origin);
    }

    @Override
    public void attribute(Object newOrigin) {
        origin = Optional.of(newOrigin);
    }

    /** Also decides, and makes the calls that decisions have submitted. */
    @Override
    public void flush() {
        if (attempt.isPresent()) {
            throw new IllegalStateException("a call of an attempt waits for its result");
        }
        while (!batch.isEmpty()) {
            Batch sent = batch;
            Optional<Call> failed = Optional.empty();
            if (batch.size() == 0) {
                batch = new Batch(this);
            } else {
                sent = send(0);
                Optional<Reply> reply = receive(sent);
                if (reply.isEmpty()) {
                    sent.abandon();
                    throw died();
                }
                failed = sent.complete(reply.get().bytes, reply.get().attached);
            }
            Optional<Object> now = origin;
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
    private void settle(Batch sent, Optional<Call> stopped) {
        for (Batch.Decision decision : sent.decisionsBefore(stopped)) {
            origin = decision.origin();
            decision.action().run();
        }
        if (stopped.isEmpty()) {
            return;
        }
        Call failed = stopped.get();
        origin = failed.origin();
        Failure failure = failed.failure(failed.result());
        Optional<Attempt> failedAttempt = failed.attempt();
        if (failedAttempt.isEmpty()) {
            throw failure;
        }
        flush(); // what was decided
        Batch rest = new Batch(this);
        sent.moveRest(failed, rest);
        try {
            failedAttempt.get().replace(failure);
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
        Optional<Fd> conversation = clone.attached();
        if (conversation.isEmpty()) {
            throw Failure.syscall(
                    "recvmsg", name, Errno.EMFILE, "no descriptor is left for its conversation");
        }
        ChildKernel process = new ChildKernel(conversation.get().renamed(name), name);
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
        Optional<Reply> reply = receive(sent);
        if (reply.isPresent()) {
            throwFailure(sent, reply.get().bytes, reply.get().attached);
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

    /** Returns the reply to what was sent; empty if the process ended instead. */
    private Optional<Reply> receive(Batch sent) {
        try {
            return reply(sent);
        } catch (RuntimeException f) {
            // The answer may come yet: whatever is asked next would get it. So nothing is.
            sent.abandon();
            close();
            throw f;
        }
    }

    private Optional<Reply> reply(Batch sent) {
        List<Fd> attached = new ArrayList<>(1);
        Batch last = beforeExec;
        beforeExec = null;
        Optional<byte[]> bytes =
                last == null
                        ? sockets.receiveFully(socket, sent.replyLength(), attached)
                        : firstReply(last, sent, attached);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        byte[] reply = bytes.get();
        if (magic(reply) != BatchLayout.MAGIC || sequence(reply) != sequence) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, processName + " answered something that was not asked");
        }
        return Optional.of(new Reply(reply, attached));
    }

    /**
     * Returns the reply of a process that should have become another program. If it did not, it
     * answers {@code last}, which should have made it: {@link Failure}, of the call that was
     * refused.
     */
    private Optional<byte[]> firstReply(Batch last, Batch sent, List<Fd> attached) {
        int length = BatchLayout.REPLY_HEAD_BYTES;
        Optional<byte[]> head = sockets.receiveFully(socket, length, attached);
        boolean executed = head.isEmpty() || sequence(head.get()) != beforeExecSequence;
        Optional<byte[]> reply =
                head.isEmpty() ? head : completed(head.get(), executed ? sent : last);
        if (!executed && reply.isPresent()) {
            throwFailure(last, reply.get(), List.of());
        }
        last.abandon();
        return reply;
    }

    /** Throws the failure of a batch that should not have been answered. */
    private static void throwFailure(Batch answered, byte[] reply, List<Fd> attached) {
        Optional<Call> stopped = answered.complete(reply, attached);
        answered.abandon();
        if (stopped.isPresent()) {
            Call failed = stopped.get();
            throw failed.failure(failed.result()).from(failed.origin());
        }
    }

    private Optional<byte[]> completed(byte[] head, Batch answered) {
        int length = answered.replyLength() - head.length;
        Optional<byte[]> rest = sockets.receiveFully(socket, length, new ArrayList<>());
        if (rest.isEmpty()) {
            return rest;
        }
        byte[] bytes = Arrays.copyOf(head, head.length + length);
        System.arraycopy(rest.get(), 0, bytes, head.length, length);
        return Optional.of(bytes);
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
