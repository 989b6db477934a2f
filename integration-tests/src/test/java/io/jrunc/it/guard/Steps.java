// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Syscall;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Which system calls are steps: those that may change something outside this process, messages to
 * other processes among them. To be killed after a call that only looks, or that waits for the
 * answer, is to be killed after the step before it.
 */
final class Steps {
    private static final int O_CREAT = 0100;
    private static final Set<Syscall> LOOKS =
            EnumSet.of(
                    Syscall.READ,
                    Syscall.PREAD64,
                    Syscall.LSEEK,
                    Syscall.CLOSE,
                    Syscall.STATX,
                    Syscall.FSTATFS,
                    Syscall.READLINKAT,
                    Syscall.FACCESSAT2,
                    Syscall.GETDENTS64,
                    Syscall.GETCWD,
                    Syscall.FGETXATTR,
                    Syscall.FLISTXATTR,
                    Syscall.GETPID,
                    Syscall.GETPPID,
                    Syscall.GETTID,
                    Syscall.PIDFD_OPEN,
                    Syscall.FCNTL,
                    Syscall.SOCKET,
                    Syscall.SOCKETPAIR,
                    Syscall.MEMFD_CREATE,
                    Syscall.RECVMSG,
                    Syscall.RECVFROM,
                    Syscall.PPOLL);

    private static final Map<Long, Syscall> BY_NUMBER = new HashMap<>();

    static {
        for (Syscall syscall : Syscall.values()) {
            BY_NUMBER.put((long) syscall.number(), syscall);
        }
    }

    private Steps() {}

    /** What the manual calls it. */
    static String name(long number) {
        Syscall known = BY_NUMBER.get(number);
        return known == null ? "system call " + number : known.manualName();
    }

    /** The system call of this number; null if the runtime knows none. */
    static Syscall of(long number) {
        return BY_NUMBER.get(number);
    }

    /** Whether it counts as a step. */
    static boolean isStep(long[] words) {
        Syscall syscall = BY_NUMBER.get(words[0]);
        if (syscall == Syscall.OPENAT) {
            return (words[3] & O_CREAT) != 0;
        }
        if (syscall == Syscall.OPENAT2) {
            return (memory(words[3], 8).getLong(0) & O_CREAT) != 0;
        }
        return !LOOKS.contains(syscall);
    }

    /** Describes a call by its name and, for some, its path. */
    static String describe(long[] words) {
        Syscall syscall = BY_NUMBER.get(words[0]);
        if (syscall == null) {
            return name(words[0]);
        }
        return switch (syscall) {
            case OPENAT, OPENAT2, MKDIRAT, UNLINKAT -> text(syscall, words[2]);
            default -> syscall.manualName();
        };
    }

    private static String text(Syscall syscall, long address) {
        return syscall.manualName()
                + " "
                + Arg.quoted(memory(address, Long.MAX_VALUE).getString(0));
    }

    static Pointer memory(long address, long size) {
        return Pointer.wrap(Runtime.getSystemRuntime(), address, size);
    }
}
