// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Signal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A process that may be gone, and its pid another's by now. It is known by its start, proc(5),
 * "/proc/pid/stat"; where that is hidden, by the inode of its pidfd.
 *
 * @param start when it started, in clock ticks since boot; 0 if /proc hides it
 * @param inode of its pidfds, which no other process has until the next boot, pidfd_open(2), Linux
 *     6.9; 0 if its start is known
 */
public record InitProcess(int pid, long start, long inode) {
    private static final long PID_FS_MAGIC = 0x50494446;
    private static final int START_TIME = 22;
    private static final int STATE = 3;
    private static final int EXIT_CODE = 52;
    private static final int FLAGS = 9;
    private static final int PF_FORKNOEXEC = 0x40;
    private static final int PF_EXITING = 4;
    private static final long KILL_BIT = 1 << 8;
    private static final String KILLED = Integer.toString(Signal.SIGKILL);

    /** Returns whether it exists and has not ended: a zombie has. */
    public boolean isAlive(Kernel kernel) {
        if (pid == 0) {
            return false;
        }
        if (inode != 0) {
            return inodeOf(kernel, pid) == inode;
        }
        String[] stat = stat(kernel, pid);
        return stat.length > 0
                && Long.parseLong(stat[START_TIME - STATE]) == start
                && !stat[0].equals("Z")
                && !stat[0].equals("X");
    }

    /** Returns whether it was sent SIGKILL and has not ended yet. proc(5), "SigPnd"; PF_EXITING. */
    public boolean isDying(Kernel kernel) {
        String[] stat = shownStat(kernel, pid);
        if (stat.length == 0) {
            return false; // gone, or /proc hides it
        }
        boolean exiting = (Long.parseLong(stat[FLAGS - STATE]) & PF_EXITING) != 0;
        return exiting || isKillPending(kernel);
    }

    private boolean isKillPending(Kernel kernel) {
        String path = "/proc/" + pid + "/status";
        Files files = kernel.files();
        try (Fd file = files.openIfExists(files.here(), path, OpenFlag.RDONLY)) {
            String status = file.isOpen() ? files.readText(file) : "";
            return status.lines()
                    .filter(line -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & KILL_BIT) != 0);
        }
    }

    /** Returns whether it has ended and waits for its parent to collect it. */
    public boolean isZombie(Kernel kernel) {
        if (inode != 0) {
            return isHiddenZombie(kernel);
        }
        String[] stat = stat(kernel, pid);
        return stat.length > 0
                && Long.parseLong(stat[START_TIME - STATE]) == start
                && stat[0].equals("Z");
    }

    private boolean isHiddenZombie(Kernel kernel) {
        try (Fd pidfd = kernel.processes().openPid(pid)) {
            return pidfd.isOpen()
                    && kernel.processes().awaitEnd(pidfd, 0)
                    && kernel.files().stat(pidfd).inode() == inode;
        }
    }

    /** Takes the identity of a process that exists. */
    public static InitProcess of(Kernel kernel, int pid) {
        String[] stat = shownStat(kernel, pid);
        if (stat.length > 0) {
            return new InitProcess(pid, Long.parseLong(stat[START_TIME - STATE]), 0);
        }
        long inode = inodeOf(kernel, pid);
        if (inode == 0) {
            throw Failure.of(Failure.Code.PROCESS_DIED, "init ended before it was ready");
        }
        return new InitProcess(pid, 0, inode);
    }

    /**
     * Returns the inode of a process that runs; 0 if it has ended. With {@code hidepid}, /proc
     * shows a user no process that is not dumpable, not even its own children.
     */
    private static long inodeOf(Kernel kernel, int pid) {
        try (Fd pidfd = kernel.processes().openPid(pid)) {
            if (!pidfd.isOpen() || kernel.processes().awaitEnd(pidfd, 0)) {
                return 0;
            }
            if (kernel.files().fileSystemType(pidfd) != PID_FS_MAGIC) {
                throw Failure.of(
                        Failure.Code.HIDDEN_PROCESS,
                        "/proc hides init, which could then be mistaken for a later process of"
                                + " its pid",
                        "/proc",
                        "mount it without hidepid, or use Linux 6.9 or newer");
            }
            return kernel.files().stat(pidfd).inode();
        }
    }

    /** Returns the process that has this pid now. */
    static Optional<InitProcess> find(Kernel kernel, int pid) {
        String[] stat = stat(kernel, pid);
        return stat.length == 0
                ? Optional.empty()
                : Optional.of(new InitProcess(pid, Long.parseLong(stat[START_TIME - STATE]), 0));
    }

    /** Returns a descriptor of it; empty if it is gone. */
    public Optional<Fd> open(Kernel kernel) {
        Fd pidfd = kernel.processes().openPid(pid);
        try {
            // Only now: had it ended and its pid been reused before, the start time would differ.
            if (pidfd.isOpen() && isAlive(kernel)) {
                return Optional.of(pidfd);
            }
        } catch (RuntimeException f) {
            pidfd.close();
            throw f;
        }
        pidfd.close();
        return Optional.empty();
    }

    /**
     * Returns whether SIGKILL may have ended a process; true if the process is gone, because then
     * this is unknown. proc(5), "exit_code".
     */
    public static boolean wasKilled(Kernel kernel, int pid) {
        String[] stat = shownStat(kernel, pid);
        boolean zombie = stat.length > EXIT_CODE - STATE && stat[0].equals("Z");
        return stat.length == 0 || zombie && stat[EXIT_CODE - STATE].strip().equals(KILLED);
    }

    /**
     * Returns whether a process has become another program since it was cloned; empty if it is
     * gone. The kernel clears the flag within execve(2), before descriptors are closed. proc(5),
     * "flags".
     */
    public static Optional<Boolean> hasExecuted(Kernel kernel, int pid) {
        String[] stat = shownStat(kernel, pid);
        return stat.length == 0
                ? Optional.empty()
                : Optional.of((Long.parseLong(stat[FLAGS - STATE]) & PF_FORKNOEXEC) == 0);
    }

    /** Returns the fields from the state on; what comes before may contain anything. */
    private static String[] stat(Kernel kernel, int pid) {
        String path = "/proc/" + pid + "/stat";
        try (Fd file = kernel.files().openIfExists(kernel.files().here(), path, OpenFlag.RDONLY)) {
            if (!file.isOpen()) {
                return new String[0];
            }
            String text = new String(kernel.files().readUncut(file), StandardCharsets.UTF_8);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        } catch (Failure f) {
            if (f.is(Errno.ESRCH)) {
                return new String[0];
            }
            throw f;
        }
    }

    /**
     * Returns the same of a process that may be hidden: with hidepid=1 it is there, but shows
     * nothing.
     */
    private static String[] shownStat(Kernel kernel, int pid) {
        try {
            return stat(kernel, pid);
        } catch (Failure f) {
            if (f.is(Errno.EPERM)) {
                return new String[0];
            }
            throw f;
        }
    }
}
