// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A kernel that does nothing but write down what it is asked for, as strace(1) would print it, and
 * answer from a script. Without one, all goes well: descriptors are numbered from 100 on, writes
 * write everything, the rest is 0. Closing is not written down.
 */
public final class RecordingKernel implements Kernel {
    /** The pid that a clone answers. */
    public static final int PID = 4242;

    private static final Set<Syscall> OPENING =
            Set.of(
                    Syscall.OPENAT,
                    Syscall.OPENAT2,
                    Syscall.OPEN_TREE,
                    Syscall.FSOPEN,
                    Syscall.FSMOUNT,
                    Syscall.SOCKET,
                    Syscall.ACCEPT4,
                    Syscall.PIDFD_OPEN);

    private final List<String> calls = new ArrayList<>();
    private final List<Answer> script = new ArrayList<>();
    private final List<Fd> open = new ArrayList<>();
    private int nextFd = 100;
    private boolean bringsDescriptors = true;

    private record Answer(String start, ToLongFunction<Call> result) {}

    /** Every call whose text begins with {@code start} fails like this. */
    public RecordingKernel fail(String start, Errno errno) {
        return answer(start, call -> -errno.number());
    }

    /** Every call whose text begins with {@code start} has this result; the last word counts. */
    public RecordingKernel answer(String start, ToLongFunction<Call> result) {
        script.add(0, new Answer(start, result));
        return this;
    }

    /** Every statx(2) whose text begins like this finds a file of this type and mode. */
    public RecordingKernel statx(String start, int mode) {
        return answer(
                "statx(" + start,
                call -> {
                    ((Arg.Out) call.args()[4]).buffer().putShort(28, (short) mode);
                    return 0;
                });
    }

    /** No descriptor comes back with a reply, as if the runtime had reached RLIMIT_NOFILE. */
    public RecordingKernel withoutRoom() {
        bringsDescriptors = false;
        return this;
    }

    /** What was asked for. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** What was asked for and begins with {@code start}. */
    public List<String> calls(String start) {
        return calls.stream().filter(call -> call.startsWith(start)).toList();
    }

    /** The descriptors that were opened and not closed. */
    public List<String> leaked() {
        return open.stream().map(Fd::toString).toList();
    }

    @Override
    public void submit(Call call) {
        if (call.operation() == Syscall.CLOSE) {
            call.complete(0);
            int number = ((Fd) call.args()[0]).numberAsSubmitted();
            open.removeIf(fd -> fd.numberAsSubmitted() == number);
            return;
        }
        for (Arg arg : call.args()) {
            if (arg instanceof Fd fd && fd.openError().isPresent()) {
                call.complete(-Errno.ECANCELED.number());
                return;
            }
        }
        String text = call.toString();
        calls.add(text);
        long result = result(call, text);
        call.complete(result);
        boolean brings = call.operation() == ChildOp.CLONE || call.operation() == ChildOp.ATTACH;
        if (brings && bringsDescriptors) {
            call.attach(Fd.of(this, nextFd++, call.subject()));
        }
        if (call.isFailure(result)) {
            throw call.failure(result);
        }
    }

    private long result(Call call, String text) {
        for (Answer answer : script) {
            if (text.startsWith(answer.start)) {
                return answer.result.applyAsLong(call);
            }
        }
        if (call.operation() == ChildOp.CLONE) {
            return PID;
        }
        if (call.operation() == Syscall.WRITE) {
            return ((Arg.Word) call.args()[2]).value();
        }
        if (call.operation() instanceof Syscall syscall && OPENING.contains(syscall)) {
            open.add(Fd.of(this, nextFd, call.subject()));
            return nextFd++;
        }
        return 0;
    }

    @Override
    public void flush() {
        // Nothing is ever deferred here.
    }

    @Override
    public Kernel bornOf(Call clone, String processName) {
        return this;
    }

    @Override
    public void finish() {
        // The program replaces the child; no answers follow.
    }

    @Override
    public void finishWhile(Consumer<Kernel> lastCalls, Consumer<Fd> meanwhile) {
        lastCalls.accept(this);
        meanwhile.accept(Fd.of(this, nextFd, "conversation"));
    }

    @Override
    public void leave(Consumer<Kernel> lastCalls) {
        lastCalls.accept(this);
        close();
    }

    @Override
    public byte[] record(Consumer<Kernel> recorded) {
        recorded.accept(this);
        return new byte[0];
    }

    @Override
    public void close() {
        calls.add("end of the conversation");
    }
}
