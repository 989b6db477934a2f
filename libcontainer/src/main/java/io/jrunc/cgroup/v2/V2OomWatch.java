// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.file.OomWatch;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.List;

/**
 * Looks at {@code oom_kill} of {@code memory.events} whenever that file changes: processes that
 * were killed, here and in cgroups below.
 */
public final class V2OomWatch implements OomWatch {
    private static final String FILE = "memory.events";

    private final Kernel kernel;
    private final CgroupFiles files;
    private final Fd inotify;
    private long known;

    private V2OomWatch(Kernel kernel, CgroupFiles files, Fd inotify) {
        this.kernel = kernel;
        this.files = files;
        this.inotify = inotify;
        this.known = kills();
    }

    /** Begins to watch the cgroup, which must have a controller of memory. */
    public static V2OomWatch on(Kernel kernel, String directory) {
        Fd inotify = kernel.events().inotify("oom");
        try {
            kernel.events().watchContent(inotify, directory + "/" + FILE);
            return new V2OomWatch(kernel, CgroupFiles.in(kernel, List.of(directory)), inotify);
        } catch (RuntimeException f) {
            inotify.close();
            throw f;
        }
    }

    @Override
    public Fd descriptor() {
        return inotify;
    }

    /** Compares numbers, because the file also changes when a limit was only reached. */
    @Override
    public boolean hasHappened() {
        kernel.events()
                .discard(inotify); // first: a change after the read below causes another event
        long now = kills();
        boolean more = now > known;
        known = Math.max(now, known);
        return more;
    }

    private long kills() {
        return files.table(FILE).getOrDefault("oom_kill", 0L);
    }

    @Override
    public void close() {
        inotify.close();
    }
}
