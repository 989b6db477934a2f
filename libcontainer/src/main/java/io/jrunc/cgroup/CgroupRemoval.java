// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What it takes to remove a container's cgroups. */
public final class CgroupRemoval {
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 5;

    private CgroupRemoval() {}

    /** Returns the pids in the cgroup at {@code directory} and below; none if it does not exist. */
    public static List<Integer> processes(Kernel kernel, String directory) {
        Set<Integer> pids = new LinkedHashSet<>();
        new CgroupTree(kernel, directory)
                .leavesFirst(
                        cgroup -> {
                            collect(cgroup, pids);
                            return false;
                        });
        return List.copyOf(pids);
    }

    /** Returns whether there are processes in the cgroup at {@code directory} or below. */
    static boolean isPopulated(Kernel kernel, String directory) {
        String events = readIfThere(kernel, directory + "/cgroup.events");
        if (!events.isEmpty()) {
            return events.contains("populated 1");
        }
        Set<Integer> pids = new LinkedHashSet<>();
        new CgroupTree(kernel, directory)
                .leavesFirst(
                        cgroup -> {
                            collect(cgroup, pids);
                            return !pids.isEmpty();
                        });
        return !pids.isEmpty();
    }

    private static void collect(Fd cgroup, Set<Integer> pids) {
        try {
            add(CgroupTree.read(cgroup, "cgroup.procs"), pids);
        } catch (Failure f) {
            if (!f.is(Errno.EOPNOTSUPP)) {
                throw f;
            }
            // A threaded cgroup of v2: /proc of its threads names the processes.
            Set<Integer> threads = new LinkedHashSet<>();
            add(CgroupTree.read(cgroup, "cgroup.threads"), threads);
            for (int thread : threads) {
                pids.add(processOf(cgroup.kernel(), thread));
            }
        }
    }

    private static void add(String lines, Set<Integer> pids) {
        for (String line : lines.split("\n", -1)) {
            if (!line.isEmpty()) {
                pids.add(Integer.parseInt(line));
            }
        }
    }

    /**
     * Returns the process that a thread belongs to; the thread itself if it has ended. proc(5),
     * "Tgid".
     */
    private static int processOf(Kernel kernel, int thread) {
        String status = readIfThere(kernel, "/proc/" + thread + "/status");
        for (String line : status.split("\n", -1)) {
            if (line.startsWith("Tgid:")) {
                return Integer.parseInt(line.substring("Tgid:".length()).strip());
            }
        }
        return thread;
    }

    /**
     * Reads a file of a cgroup or process, a single record, that may be removed meanwhile: empty if
     * it is gone.
     */
    public static String readIfThere(Kernel kernel, String path) {
        Files files = kernel.files();
        try (Fd file = files.openIfExists(files.here(), path, OpenFlag.RDONLY)) {
            return file.isOpen()
                    ? new String(files.readUncut(file), StandardCharsets.UTF_8).strip()
                    : "";
        } catch (Failure f) {
            if (f.is(Errno.ENODEV) || f.is(Errno.ESRCH)) {
                return ""; // removed since it was opened
            }
            throw f;
        }
    }

    /** Removes the cgroup and all below it; that it does not exist is fine. */
    public static void remove(Kernel kernel, String directory) {
        for (int attempt = 0; ; attempt++) {
            Call rmdir = kernel.directories().rmdir(kernel.files().here(), directory);
            rmdir.tolerate(Errno.EBUSY, Errno.ENOENT, Errno.ENOTDIR).submit();
            if (!rmdir.failedWith(Errno.EBUSY)) {
                return;
            }
            new CgroupTree(kernel, directory).removeBelow();
            if (attempt == ATTEMPTS) {
                throw Failure.syscall("rmdir", directory, Errno.EBUSY, "processes are in it");
            }
            Poll.pause(PAUSE_MILLIS);
        }
    }
}
