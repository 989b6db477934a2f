package io.jrunc.container;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.Optional;

/**
 * A process that may be gone, and its pid somebody else's by now. proc(5), "/proc/pid/stat".
 *
 * @param start when it started, in clock ticks since boot
 */
record InitProcess(int pid, long start) {
    private static final int START_TIME = 22;
    private static final int STATE = 3;
    private static final int EXIT_CODE = 52;
    private static final int FLAGS = 9;
    private static final int PF_FORKNOEXEC = 0x40;
    private static final String SIGKILL = "9";

    /** Whether it exists and has not ended: a zombie has. */
    boolean isAlive(Kernel kernel) {
        if (pid == 0) {
            return false;
        }
        String[] stat = stat(kernel, pid);
        return stat.length > 0
                && Long.parseLong(stat[START_TIME - STATE]) == start
                && !stat[0].equals("Z")
                && !stat[0].equals("X");
    }

    /** Whether it has ended and waits for its parent to collect it. */
    boolean isZombie(Kernel kernel) {
        String[] stat = stat(kernel, pid);
        return stat.length > 0
                && Long.parseLong(stat[START_TIME - STATE]) == start
                && stat[0].equals("Z");
    }

    /** Takes the identity of a process that exists. */
    static InitProcess of(Kernel kernel, int pid) {
        InitProcess found = find(kernel, pid);
        if (found == null) {
            throw Failure.of("process-died", "init ended before it was ready");
        }
        return found;
    }

    /** The process that has this pid now, or null. */
    static InitProcess find(Kernel kernel, int pid) {
        String[] stat = stat(kernel, pid);
        return stat.length == 0
                ? null
                : new InitProcess(pid, Long.parseLong(stat[START_TIME - STATE]));
    }

    /** A descriptor of it, or null if it is gone. */
    Fd open(Kernel kernel) {
        Fd pidfd = kernel.processes().openPid(pid);
        try {
            // Only now: had it ended and its pid been reused before, the start time would differ.
            if (pidfd.isOpen() && isAlive(kernel)) {
                return pidfd;
            }
        } catch (RuntimeException f) {
            pidfd.close();
            throw f;
        }
        pidfd.close();
        return null;
    }

    /**
     * Whether SIGKILL has ended a process. If it is gone, too, nobody knows any more, and it may
     * have been. proc(5), "exit_code".
     */
    static boolean wasKilled(Kernel kernel, int pid) {
        String[] stat = stat(kernel, pid);
        boolean zombie = stat.length > EXIT_CODE - STATE && stat[0].equals("Z");
        return stat.length == 0 || zombie && stat[EXIT_CODE - STATE].strip().equals(SIGKILL);
    }

    /**
     * Whether a process has become another program since it was cloned; empty if it is gone. The
     * kernel clears the flag within execve(2), before descriptors are closed. proc(5), "flags".
     */
    static Optional<Boolean> hasExecuted(Kernel kernel, int pid) {
        String[] stat = stat(kernel, pid);
        return stat.length == 0
                ? Optional.empty()
                : Optional.of((Long.parseLong(stat[FLAGS - STATE]) & PF_FORKNOEXEC) == 0);
    }

    /** The fields from the state on; what comes before may contain anything. */
    private static String[] stat(Kernel kernel, int pid) {
        String path = "/proc/" + pid + "/stat";
        try (Fd file = kernel.files().openIfExists(kernel.files().here(), path, OpenFlag.RDONLY)) {
            if (!file.isOpen()) {
                return new String[0];
            }
            String text = kernel.files().readText(file);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        } catch (Failure f) {
            if (f.is(Errno.ESRCH)) {
                return new String[0];
            }
            throw f;
        }
    }
}
