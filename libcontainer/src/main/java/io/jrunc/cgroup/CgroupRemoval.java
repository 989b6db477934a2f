package io.jrunc.cgroup;

import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayList;
import java.util.List;

/** What it takes to remove a container's cgroups. */
public final class CgroupRemoval {
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 5;

    private CgroupRemoval() {}

    /** The pids in the cgroup at {@code directory} and below; none if it does not exist. */
    public static List<Integer> processes(Kernel kernel, String directory) {
        List<Integer> pids = new ArrayList<>();
        if (kernel.files().exists(directory)) {
            collect(kernel, directory, pids);
        }
        return pids;
    }

    private static void collect(Kernel kernel, String directory, List<Integer> pids) {
        for (String line : readIfThere(kernel, directory + "/cgroup.procs").split("\n", -1)) {
            if (!line.isEmpty()) {
                pids.add(Integer.parseInt(line));
            }
        }
        for (String child : children(kernel, directory)) {
            collect(kernel, child, pids);
        }
    }

    /** A file of a cgroup that somebody may be removing: empty if it is gone. */
    public static String readIfThere(Kernel kernel, String path) {
        Files files = kernel.files();
        try (Fd file = files.openIfExists(files.here(), path, OpenFlag.RDONLY)) {
            return file.isOpen() ? files.readText(file).strip() : "";
        } catch (Failure f) {
            if (f.is(Errno.ENODEV)) {
                return ""; // removed since it was opened
            }
            throw f;
        }
    }

    /** Removes the cgroup and all below it; that it does not exist is fine. */
    public static void remove(Kernel kernel, String directory) {
        for (int attempt = 0; ; attempt++) {
            Call rmdir = kernel.files().rmdir(kernel.files().here(), directory);
            rmdir.tolerate(Errno.EBUSY, Errno.ENOENT, Errno.ENOTDIR).submit();
            if (rmdir.error() != Errno.EBUSY) {
                return;
            }
            for (String child : children(kernel, directory)) {
                remove(kernel, child);
            }
            if (attempt == ATTEMPTS) {
                throw Failure.syscall("rmdir", directory, Errno.EBUSY, "processes are in it");
            }
            Poll.pause(PAUSE_MILLIS);
        }
    }

    private static List<String> children(Kernel kernel, String directory) {
        Files files = kernel.files();
        List<String> children = new ArrayList<>();
        try (Fd dir = files.openIfExists(files.here(), directory, OpenFlag.DIRECTORY)) {
            if (!dir.isOpen()) {
                return children;
            }
            for (String name : files.list(dir)) {
                Stat stat = files.statIfExists(directory + "/" + name);
                if (stat != null && stat.isDirectory()) {
                    children.add(directory + "/" + name);
                }
            }
        }
        return children;
    }
}
