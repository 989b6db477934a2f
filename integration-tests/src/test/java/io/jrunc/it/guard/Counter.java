// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import jnr.ffi.Pointer;

/**
 * Counts the runtime's system calls, those that it has other processes make, and the answers that
 * it waits for. When the runtime ends by exit_group(2), the report is written: a property per
 * count, and the names of the threads that are alive. A runtime that ends in another way writes
 * none.
 */
final class Counter implements Guard {
    private final Path report;
    private int calls;
    private int roundTrips;

    Counter(Path report) {
        this.report = report;
    }

    @Override
    public synchronized int spawn(Libc libc) {
        calls++;
        return 0;
    }

    @Override
    public long syscall(Libc libc, long[] words) {
        Syscall syscall = Steps.of(words[0]);
        if (syscall == Syscall.EXIT_GROUP) {
            write();
        }
        long result = Guards.pass(libc, words);
        count(syscall, words, result);
        return result;
    }

    private synchronized void count(Syscall syscall, long[] words, long result) {
        calls++;
        if (syscall == Syscall.SENDMSG && result > 0) {
            Pointer sent = Messages.bytes(words[2]);
            calls += Messages.isBatch(sent, result) ? sent.getInt(Messages.OPERATIONS) : 0;
        } else if (syscall == Syscall.RECVMSG && result >= 0) {
            // End of stream is an answer, too: it follows a successful execve(2).
            boolean isAnswer = result == 0 || Messages.isBatch(Messages.bytes(words[2]), result);
            roundTrips += isAnswer ? 1 : 0;
        }
    }

    private synchronized void write() {
        Thread[] alive = new Thread[100];
        Thread.currentThread().getThreadGroup().enumerate(alive);
        String threads =
                Arrays.stream(alive)
                        .filter(Objects::nonNull)
                        .map(Thread::getName)
                        .sorted()
                        .collect(Collectors.joining(", "));
        String text =
                "calls=" + calls + "\nroundtrips=" + roundTrips + "\nthreads=" + threads + "\n";
        try {
            Files.writeString(report, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
