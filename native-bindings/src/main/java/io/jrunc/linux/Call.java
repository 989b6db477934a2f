// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One system call, from the wish to the result. A {@link Kernel} may make it later than it is
 * submitted; asking for the result makes it wait.
 */
public final class Call {
    private static final long PENDING = Long.MIN_VALUE;

    private final Kernel kernel;
    private final Operation operation;
    private final Arg[] args;
    private final String subject;
    private final List<Errno> tolerated = new ArrayList<>(0);
    private boolean toleratesAll;
    private @Nullable Hint hints;
    private long result = PENDING;
    private @Nullable Fd attached;
    private boolean isTaken;
    private @Nullable Call after;
    private Optional<Object> origin = Optional.empty();
    private Optional<Attempt> attempt = Optional.empty();

    /** A hint for one errno, and the hint that was added before it. */
    private record Hint(Errno errno, String text, @Nullable Hint next) {}

    /**
     * A call that {@code kernel} will make.
     *
     * @param subject what it is about, for messages; may be empty
     */
    public Call(Kernel kernel, Operation operation, String subject, Arg... args) {
        this.kernel = kernel;
        this.operation = operation;
        this.subject = subject;
        this.args = args;
    }

    /** These errors are answers, not failures: {@link #result} is then {@code -errno}. */
    public Call tolerate(Errno... errnos) {
        for (Errno errno : errnos) {
            tolerated.add(errno);
        }
        return this;
    }

    /** No error is a failure. */
    public Call tolerateAll() {
        toleratesAll = true;
        return this;
    }

    /**
     * Adds a hint for the user if the call fails with {@code errno}; the last hint for it counts.
     */
    public Call hint(Errno errno, String text) {
        hints = new Hint(errno, text, hints);
        return this;
    }

    /** Has the call skipped if {@code earlier}, a call of the same process, fails tolerably. */
    public Call after(Call earlier) {
        after = earlier;
        return this;
    }

    /** Hands the call to its kernel. */
    public Call submit() {
        kernel.submit(this);
        return this;
    }

    /** Returns the result; makes the kernel catch up if it is not known yet. */
    public long result() {
        if (result == PENDING) {
            kernel.flush();
        }
        if (result == PENDING) {
            throw new IllegalStateException(this + " was never submitted");
        }
        return result;
    }

    /** Returns the error that was tolerated; empty if the call succeeded. */
    public Optional<Errno> error() {
        long answer = result();
        return answer < 0 ? Optional.of(Errno.of((int) -answer)) : Optional.empty();
    }

    /** Returns whether the call failed with {@code errno}, which was tolerated. */
    public boolean failedWith(Errno errno) {
        return result() == -errno.number();
    }

    /** Returns whether the result is known. */
    public boolean isDone() {
        return result != PENDING;
    }

    /** For kernels: sets the result. A failure that is not tolerated is theirs to throw. */
    public void complete(long answer) {
        result = answer;
    }

    /** For kernels: whether this answer ends what is being done. */
    public boolean isFailure(long answer) {
        if (answer >= 0 || answer <= -4096 || toleratesAll) {
            return false;
        }
        Errno errno = Errno.of((int) -answer);
        return !tolerated.contains(errno);
    }

    /** For kernels: the failure that {@code answer}, a negative errno, is. */
    public Failure failure(long answer) {
        Errno errno = Errno.of((int) -answer);
        return Failure.syscall(operation.manualName(), subject, errno, hintFor(errno));
    }

    private String hintFor(Errno errno) {
        for (Hint hint = hints; hint != null; hint = hint.next) {
            if (hint.errno == errno) {
                return hint.text;
            }
        }
        return "";
    }

    /** For kernels: returns all hints for the user, by the error's name. */
    public Map<String, String> hints() {
        Map<String, String> all = new LinkedHashMap<>(0);
        for (Hint hint = hints; hint != null; hint = hint.next) {
            all.putIfAbsent(hint.errno.name(), hint.text);
        }
        return all;
    }

    /** For kernels: the call without whose success this one is skipped; empty if there is none. */
    public Optional<Call> after() {
        return Optional.ofNullable(after);
    }

    /** For kernels: whether a call that this one depends on is known to have failed. */
    public boolean isPointless() {
        if (hasFailed(after)) {
            return true;
        }
        for (Arg arg : args) {
            if (arg instanceof Fd fd && hasFailed(fd.opener().orElse(null))
                    || arg instanceof Arg.Result earlier && hasFailed(earlier.call())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasFailed(@Nullable Call earlier) {
        return earlier != null && earlier.isDone() && earlier.result() < 0;
    }

    /**
     * For kernels: notes what the call is a part of.
     *
     * @param newOrigin of its failure
     * @param newAttempt that it belongs to
     */
    public void partOf(Optional<Object> newOrigin, Optional<Attempt> newAttempt) {
        origin = newOrigin;
        attempt = newAttempt;
    }

    /** For kernels: what its failure originates from; empty if that has no name. */
    public Optional<Object> origin() {
        return origin;
    }

    /** For kernels: the attempt that it belongs to. */
    public Optional<Attempt> attempt() {
        return attempt;
    }

    public Operation operation() {
        return operation;
    }

    public Arg[] args() {
        return args;
    }

    /** Returns what the call is about, for messages. */
    public String subject() {
        return subject;
    }

    public List<Errno> tolerated() {
        return tolerated;
    }

    public boolean toleratesAll() {
        return toleratesAll;
    }

    /** For kernels: the descriptor that came back with the reply. */
    public void attach(Fd fd) {
        attached = fd;
    }

    /**
     * Returns the descriptor that came back with the reply; empty if none did: this process has no
     * room for one more.
     */
    public Optional<Fd> attached() {
        result();
        isTaken = true;
        return Optional.ofNullable(attached);
    }

    /** Returns the descriptor that came back with the reply; EMFILE if none did. */
    public Fd requireAttached() {
        Optional<Fd> found = attached();
        if (found.isEmpty()) {
            throw Failure.syscall("recvmsg", subject, Errno.EMFILE, "RLIMIT_NOFILE is too small");
        }
        return found.get();
    }

    /** For kernels: closes the descriptor that came back, if nothing has asked for it. */
    public void closeUnlessTaken() {
        if (attached != null && !isTaken) {
            isTaken = true;
            attached.close();
        }
    }

    /** As strace(1) prints it, without the result. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(operation.manualName()).append('(');
        for (int i = 0; i < args.length; i++) {
            text.append(i == 0 ? "" : ", ").append(args[i]);
        }
        return text.append(')').toString();
    }
}
