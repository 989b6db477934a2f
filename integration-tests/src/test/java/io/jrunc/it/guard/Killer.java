// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Kills the runtime right after its n-th step, and writes down which that is. Another process may
 * still be executing a batch.
 */
final class Killer implements Guard {
    /** This step is never reached: the report names all that are. */
    private static final int NEVER = 0;

    private static final int SIGKILL = 9;

    /** The process to kill. */
    enum Victim {
        /** This process. */
        JAVA,
        /** The program that started it; this process goes on. */
        LAUNCHER,
        /** The launcher first, then this process. */
        BOTH
    }

    private final Victim victim;
    private final int step;
    private final Path report;
    private int steps;

    Killer(Victim victim, int step, Path report) {
        this.victim = victim;
        this.step = step;
        this.report = report;
    }

    @Override
    public long syscall(Libc libc, long[] words) {
        long result = Guards.pass(libc, words);
        if (Steps.isStep(words)) {
            after(libc, Steps.describe(words));
        }
        return result;
    }

    @Override
    public int spawn(Libc libc) {
        return 0; // the launcher starts all processes
    }

    private synchronized void after(Libc libc, String name) {
        steps++;
        if (step == NEVER) {
            write(steps + " " + name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        if (steps != step) {
            return;
        }
        write(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (victim != Victim.JAVA) {
            kill(libc, make(libc, Syscall.GETPPID));
        }
        if (victim != Victim.LAUNCHER) {
            kill(libc, make(libc, Syscall.GETPID));
        }
    }

    private void write(String text, StandardOpenOption... how) {
        try {
            Files.writeString(report, text, how);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void kill(Libc libc, long pid) {
        Guards.pass(libc, Syscall.KILL.number(), pid, SIGKILL, 0, 0, 0, 0);
    }

    private static long make(Libc libc, Syscall syscall) {
        return Guards.pass(libc, syscall.number(), 0, 0, 0, 0, 0, 0);
    }
}
