// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Machine;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.Libc;
import java.util.Map;
import jnr.ffi.Pointer;

/**
 * Makes the n-th system call fail: of this process, or of one that executes its batches. There, a
 * call that always fails replaces it in the batch; see {@code batch.h} for the layout.
 */
final class Saboteur implements Guard {
    private static final int HEAD_BYTES = 24;
    private static final int FLAGS = 8;
    private static final int OPERATION_BYTES = 64;
    private static final int KINDS = 4;
    private static final int ARGUMENTS = 8;

    private static final int NO_SYSCALL = 10_000;
    private static final int MMAP = Machine.name().equals("aarch64") ? 222 : 9;
    private static final int MADVISE = Machine.name().equals("aarch64") ? 233 : 28;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_REMOVE = 9;

    /** Where the child's program begins in memory: a private mapping of a file, not writable. */
    private static final long PROGRAM = 0x400000;

    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_RAISE = 2;

    /** Not inheritable in any test, so that not even root may make it ambient. */
    private static final int CAP_SYS_TIME = 25;

    /** Calls that fail with this error in every process, and do nothing else. */
    static final Map<Errno, long[]> FAILING =
            Map.of(
                    Errno.EPERM,
                    call(
                            Syscall.PRCTL.number(),
                            PR_CAP_AMBIENT,
                            PR_CAP_AMBIENT_RAISE,
                            CAP_SYS_TIME),
                    Errno.ENOMEM,
                    call(MMAP, 0, 1L << 62, 0, MAP_PRIVATE_ANONYMOUS, -1),
                    Errno.EINVAL,
                    call(MMAP, 0, 0, 0, MAP_PRIVATE_ANONYMOUS, -1),
                    Errno.EACCES,
                    call(MADVISE, PROGRAM, 1, MADV_REMOVE),
                    Errno.ENOSYS,
                    call(NO_SYSCALL));

    private final Thread thread = Thread.currentThread();
    private final int at;
    private final Errno errno;
    private int calls;
    private String done = "";

    /** Has the call number {@code at} of this thread fail. */
    Saboteur(int at, Errno errno) {
        this.at = at;
        this.errno = errno;
    }

    private static long[] call(long... numberAndArguments) {
        long[] words = new long[7];
        System.arraycopy(numberAndArguments, 0, words, 0, numberAndArguments.length);
        return words;
    }

    /** Which call it was; empty if there were not so many. */
    String done() {
        return done;
    }

    @Override
    public long syscall(Libc libc, long[] words) {
        if (Thread.currentThread() != thread) {
            return Guards.pass(libc, words);
        }
        if (isNext()) {
            done = Steps.describe(words);
            if (Steps.of(words[0]) == Syscall.CLOSE) {
                Guards.pass(libc, words); // it frees the descriptor whatever it answers: close(2)
            }
            return -errno.number();
        }
        if (Steps.of(words[0]) == Syscall.SENDMSG) {
            lookInto(words[2]);
        }
        return Guards.pass(libc, words);
    }

    @Override
    public int spawn(Libc libc) {
        if (Thread.currentThread() == thread && isNext()) {
            done = "posix_spawn";
            return errno.number();
        }
        return 0;
    }

    private boolean isNext() {
        return ++calls == at;
    }

    /** A message may hold calls for another process. */
    private void lookInto(long message) {
        Pointer batch = Messages.bytes(message);
        if (batch.size() < HEAD_BYTES
                || !Messages.isBatch(batch, batch.size())
                || batch.getInt(FLAGS) != 0) {
            return;
        }
        for (int i = 0; i < batch.getInt(Messages.OPERATIONS); i++) {
            int operation = HEAD_BYTES + i * OPERATION_BYTES;
            int number = batch.getInt(operation);
            boolean isCall = number >= 0 || number == ChildOp.CLONE.number();
            if (isCall && isNext()) {
                done = "a child's " + (number < 0 ? "clone3" : Steps.name(number));
                replace(batch, operation);
            }
        }
    }

    private void replace(Pointer batch, int operation) {
        long[] words = FAILING.get(errno);
        batch.putInt(operation, (int) words[0]);
        batch.putInt(operation + KINDS, 0);
        for (int i = 1; i < words.length; i++) {
            batch.putLong(operation + ARGUMENTS + 8 * (i - 1), words[i]);
        }
    }
}
