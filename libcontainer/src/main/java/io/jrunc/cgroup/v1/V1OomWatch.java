// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.OomWatch;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;

/**
 * Watches for events that memory ran out, whether the kernel kills a process or, with {@code
 * disableOOMKiller}, makes all wait. Source: kernel documentation, cgroup-v1/memory, "OOM Control".
 */
public final class V1OomWatch implements OomWatch {
    private static final int REMOVAL_MILLIS = 100;

    private final Kernel kernel;
    private final String directory;
    private final Fd counter;

    private V1OomWatch(Kernel kernel, String directory, Fd counter) {
        this.kernel = kernel;
        this.directory = directory;
        this.counter = counter;
    }

    /** Begins to watch the cgroup, which must have a controller of memory. */
    public static V1OomWatch on(Kernel kernel, String directory) {
        Fd counter = kernel.events().counter("oom");
        try (CgroupDir dir = CgroupDir.open(kernel, directory);
                Fd control = dir.openFile("memory.oom_control", OpenFlag.RDONLY)) {
            dir.write("cgroup.event_control", counter.number() + " " + control.number());
            return new V1OomWatch(kernel, directory, counter);
        } catch (RuntimeException f) {
            counter.close();
            throw f;
        }
    }

    @Override
    public Fd descriptor() {
        return counter;
    }

    /** The kernel counts the removal of the cgroup as well, at last and some time after it. */
    @Override
    public boolean hasHappened() {
        long times = kernel.events().take(counter);
        return times > 1
                || times == 1
                        && (kernel.files().exists(directory)
                                || kernel.processes().awaitReadable(counter, REMOVAL_MILLIS));
    }

    @Override
    public void close() {
        counter.close();
    }
}
