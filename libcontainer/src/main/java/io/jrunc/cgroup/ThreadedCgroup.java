// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;

/**
 * A v2 cgroup below a threaded one. It takes no process until it is threaded, too, and then has no
 * controllers but those of threads. Source: cgroups(7), "Cgroups v2 thread mode".
 */
public final class ThreadedCgroup {
    private static final String TYPE = "cgroup.type";

    private ThreadedCgroup() {}

    /**
     * Has a cgroup that refused a process with EOPNOTSUPP take the next one.
     *
     * @throws Failure if it is not a threaded cgroup above it that was in the way
     */
    public static void admitProcesses(Files files, Fd cgroup) {
        String type;
        try (Fd file = files.openAt(cgroup, TYPE, OpenFlag.RDONLY)) {
            type = files.readText(file).strip();
        }
        if (!type.equals("domain invalid")) {
            throw Failure.of(
                    Failure.Code.CGROUP,
                    "linux.cgroupsPath: cgroup "
                            + cgroup.name()
                            + ", of type \""
                            + type
                            + "\", takes no process",
                    cgroup.name(),
                    Errno.EOPNOTSUPP,
                    "choose another one");
        }
        try (Fd file = files.openAt(cgroup, TYPE, OpenFlag.WRONLY)) {
            files.write(file, "threaded").result();
        } catch (Failure f) {
            throw f.during("linux.cgroupsPath: a cgroup above is threaded, so this one must be");
        }
    }
}
