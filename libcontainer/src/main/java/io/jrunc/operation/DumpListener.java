// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.checkpoint.Criu;
import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.List;

/** Follows criu(8) while it dumps a container, and reports how far it is. */
final class DumpListener implements Criu.Listener {
    private static final String PAGES = "pages-";
    private static final String MEMORY = "RssAnon:";
    private static final int KIB = 1024;

    private final Kernel kernel;
    private final CheckpointDirectories directories;
    private final CheckpointOptions.Watcher watcher;
    private final long all;

    DumpListener(
            Kernel kernel,
            List<Integer> processes,
            CheckpointDirectories directories,
            CheckpointOptions.Watcher watcher) {
        this.kernel = kernel;
        this.directories = directories;
        this.watcher = watcher;
        this.all = processes.stream().mapToLong(this::memory).sum();
    }

    /** Returns how many bytes of memory, that no file has, the process has; 0 if it is gone. */
    private long memory(int pid) {
        Files files = kernel.files();
        String path = "/proc/" + pid + "/status";
        try (Fd file = files.openIfExists(files.here(), path, OpenFlag.RDONLY)) {
            String status = file.isOpen() ? files.readText(file) : "";
            return status.lines()
                    .filter(line -> line.startsWith(MEMORY))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) * KIB)
                    .sum();
        } catch (Failure f) {
            if (f.is(Errno.ESRCH)) {
                return 0;
            }
            throw f;
        }
    }

    @Override
    public void notified(Criu.Notification notification) {
        if (notification.script().equals("status-ready")) {
            watcher.ready();
        }
    }

    @Override
    public void waiting() {
        long written = 0;
        for (String name : kernel.directories().list(directories.image())) {
            if (name.startsWith(PAGES)) {
                written += kernel.files().statAt(directories.image(), name).size();
            }
        }
        watcher.progress(written, all);
    }
}
