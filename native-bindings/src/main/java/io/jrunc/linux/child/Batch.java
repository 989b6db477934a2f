// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Attempt;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Flag;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls on their way to a child: encodes them, and hands out the results that come back. */
final class Batch {
    private final Kernel executor;
    private final List<Call> calls = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>(0);

    /** For each operation its call, or null for one that the encoder inserted. */
    private final List<@Nullable Call> operations = new ArrayList<>();

    private final List<Fd> descriptors = new ArrayList<>();
    private final List<Placed> outputs = new ArrayList<>();
    private Bytes encoded = new Bytes(0);
    private Bytes data = new Bytes(0);
    private int outputLength;

    private record Placed(Arg.Out out, int offset) {}

    /**
     * What is to be done when the calls before it have been made.
     *
     * @param calls how many they are
     * @param origin of its failure
     */
    record Decision(int calls, Runnable action, Optional<Object> origin) {}

    /** How a word is to be understood: {@link BatchLayout#IMMEDIATE} and its like. */
    private record Encoded(int kind, long word) {}

    Batch(Kernel executor) {
        this.executor = executor;
    }

    void add(Call call) {
        calls.add(call);
    }

    /** Adds what is to be done when the calls so far have been made. */
    void then(Runnable action, Optional<Object> origin) {
        decisions.add(new Decision(calls.size(), action, origin));
    }

    /** Moves what follows {@code failed} to another batch: it was not made. */
    void moveRest(Call failed, Batch to) {
        int first = calls.indexOf(failed) + 1;
        int next = 0;
        for (int i = first; i <= calls.size(); i++) {
            while (next < decisions.size() && decisions.get(next).calls <= i) {
                Decision decision = decisions.get(next++);
                if (decision.calls >= first) {
                    to.then(decision.action, decision.origin);
                }
            }
            if (i < calls.size()) {
                addRest(calls.get(i), failed.attempt(), to);
            }
        }
    }

    /** Of an attempt that has failed, no call is made but for those that close what is open. */
    private static void addRest(Call call, Optional<Attempt> failed, Batch to) {
        boolean pointless = call.attempt().equals(failed) && call.operation() != Syscall.CLOSE;
        if (pointless || call.isPointless()) {
            call.complete(-Errno.ECANCELED.number());
        } else {
            to.add(call);
        }
    }

    /** Returns all that is to be done, or, if a call has failed, before that is dealt with. */
    List<Decision> decisionsBefore(Optional<Call> failed) {
        int made = failed.isEmpty() ? calls.size() : calls.indexOf(failed.get());
        List<Decision> due = new ArrayList<>(decisions.size());
        for (Decision decision : decisions) {
            if (decision.calls <= made) {
                due.add(decision);
            }
        }
        return due;
    }

    boolean isEmpty() {
        return calls.isEmpty() && decisions.isEmpty();
    }

    int size() {
        return calls.size();
    }

    /** Returns the request's bytes. To be called once. */
    byte[] encode(int sequence, int flags) {
        encoded = new Bytes(calls.size() * BatchLayout.OPERATION_BYTES);
        data = new Bytes(1024);
        for (Call call : calls) {
            encode(call);
        }
        ByteBuffer request =
                ByteBuffer.allocate(BatchLayout.HEAD_BYTES + encoded.length() + data.length())
                        .order(ByteOrder.nativeOrder());
        request.putInt(BatchLayout.MAGIC);
        request.putInt(sequence);
        request.putInt(flags);
        request.putInt(operations.size());
        request.putInt(data.length());
        request.putInt(outputLength);
        request.put(encoded.array(), 0, encoded.length());
        request.put(data.array(), 0, data.length());
        return request.array();
    }

    /** Returns the descriptors of this process that travel with the request. */
    List<Fd> descriptors() {
        return descriptors;
    }

    /** Returns how long the reply will be. */
    int replyLength() {
        return BatchLayout.REPLY_HEAD_BYTES
                + operations.size() * BatchLayout.RESULT_BYTES
                + outputLength;
    }

    /** Hands out the results. Returns the call whose failure stopped the batch; empty if none. */
    Optional<Call> complete(byte[] reply, List<Fd> attached) {
        ByteBuffer fields = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder());
        int done = fields.getInt(BatchLayout.DONE);
        int outputStart = reply.length - outputLength;
        for (Placed placed : outputs) {
            byte[] bytes = placed.out.bytes();
            System.arraycopy(reply, outputStart + placed.offset, bytes, 0, bytes.length);
        }
        Optional<Call> failed = Optional.empty();
        int nextAttached = 0;
        for (int i = 0; i < done; i++) {
            Call call = operations.get(i);
            if (call == null) {
                continue;
            }
            int at = BatchLayout.REPLY_HEAD_BYTES + i * BatchLayout.RESULT_BYTES;
            long result = fields.getLong(at);
            call.complete(result);
            if (result >= 0 && bringsDescriptor(call) && nextAttached < attached.size()) {
                call.attach(attached.get(nextAttached++));
            }
            boolean stopped = i == done - 1 && result != -Errno.ECANCELED.number();
            if (stopped && call.isFailure(result)) {
                failed = Optional.of(call);
            }
        }
        return failed;
    }

    /**
     * Completes as not made all calls that have no result yet, and closes what nothing has taken.
     */
    void abandon() {
        for (Call call : calls) {
            if (!call.isDone()) {
                call.complete(-Errno.ECANCELED.number());
            }
            call.closeUnlessTaken();
        }
    }

    /**
     * Returns one line per operation, to name the one that failed, and its hints: see
     * RecordedBatch.
     */
    String names() {
        StringBuilder names = new StringBuilder();
        for (Call call : operations) {
            if (call != null) {
                names.append(call.operation().manualName()).append(' ');
                names.append(RecordedBatch.field(call.subject()));
                call.hints()
                        .forEach((errno, hint) -> names.append(RecordedBatch.hint(errno, hint)));
            }
            names.append('\n');
        }
        return names.toString();
    }

    private static boolean bringsDescriptor(Call call) {
        return call.operation() == ChildOp.CLONE || call.operation() == ChildOp.ATTACH;
    }

    private void encode(Call call) {
        Arg[] args = call.args();
        int kinds = 0;
        long[] words = new long[6];
        for (int i = 0; i < args.length; i++) {
            Encoded arg = encode(args[i]);
            kinds |= arg.kind << (4 * i);
            words[i] = arg.word;
        }
        Optional<Call> after = call.after();
        if (after.isPresent()) {
            // One argument more than it takes: the child looks only whether there is one.
            Encoded condition = result(after.get());
            kinds |= condition.kind << (4 * args.length);
            words[args.length] = condition.word;
        }
        operation(call, call.operation().number(), kinds, words);
        List<Errno> tolerated = call.tolerated();
        if (tolerated.size() > BatchLayout.MAX_TOLERATED) {
            throw new IllegalStateException(call + " tolerates too many errors");
        }
        for (int i = 0; i < BatchLayout.MAX_TOLERATED; i++) {
            int errno = i < tolerated.size() ? tolerated.get(i).number() : 0;
            encoded.putShort(call.toleratesAll() ? BatchLayout.TOLERATE_ALL : (short) errno);
        }
    }

    private void operation(@Nullable Call call, int number, int kinds, long[] words) {
        operations.add(call);
        encoded.putInt(number);
        encoded.putInt(kinds);
        for (long word : words) {
            encoded.putLong(word);
        }
    }

    private Encoded encode(Arg arg) {
        if (arg instanceof Arg.Word word) {
            return new Encoded(BatchLayout.IMMEDIATE, word.value());
        }
        if (arg instanceof Arg.Flags flags) {
            return new Encoded(BatchLayout.IMMEDIATE, Flag.bits(flags.set()));
        }
        if (arg instanceof Arg.Octal octal) {
            return new Encoded(BatchLayout.IMMEDIATE, octal.value());
        }
        if (arg instanceof Fd fd) {
            return encode(fd);
        }
        if (arg instanceof Arg.Result earlier) {
            return result(earlier.call());
        }
        if (arg instanceof Arg.Data bytes) {
            return new Encoded(BatchLayout.DATA, data.append(bytes.bytes()));
        }
        if (arg instanceof Arg.Out out) {
            return new Encoded(BatchLayout.OUTPUT, place(out));
        }
        return encode((Arg.Struct) arg);
    }

    /** Returns where in the output it lies: a check looks at what an earlier call has written. */
    private int place(Arg.Out out) {
        for (int i = outputs.size() - 1; i >= 0; i--) {
            if (outputs.get(i).out == out) {
                return outputs.get(i).offset;
            }
        }
        int offset = outputLength;
        outputs.add(new Placed(out, offset));
        outputLength += Arg.aligned(out.bytes().length);
        return offset;
    }

    private Encoded encode(Arg.Struct struct) {
        int at = data.append(struct.bytes());
        for (Arg.Struct.Patch patch : struct.patches()) {
            Encoded value = encode(patch.value());
            int kinds = BatchLayout.DATA | value.kind << 4;
            long[] words = {at + patch.offset(), value.word, patch.size(), 0, 0, 0};
            operation(null, ChildOp.STORE.number(), kinds, words);
            encoded.putLong(0);
        }
        return new Encoded(BatchLayout.DATA, at);
    }

    private Encoded encode(Fd fd) {
        if (fd.kernel().process() != executor) {
            fd.requireOpen(); // it is sent now, whenever the call was submitted
            int known = descriptors.indexOf(fd);
            if (known < 0) {
                known = descriptors.size();
                descriptors.add(fd);
            }
            return new Encoded(BatchLayout.DESCRIPTOR, known);
        }
        Optional<Call> opener = fd.opener();
        return opener.isEmpty()
                ? new Encoded(BatchLayout.IMMEDIATE, fd.numberAsSubmitted())
                : result(opener.get());
    }

    private Encoded result(Call earlier) {
        return earlier.isDone()
                ? new Encoded(BatchLayout.IMMEDIATE, earlier.result())
                : new Encoded(BatchLayout.RESULT, operations.lastIndexOf(earlier));
    }
}
