// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import java.util.EnumSet;

/**
 * The files of {@code /proc/thread-self/attr}. What is mounted at /proc in a container is the
 * container's business, so the procfs is the runtime's, and the process that is to be labelled gets
 * no more of it than this one file (CVE-2019-16884, CVE-2025-52881).
 */
public final class LabelFile {
    /** Where the label of keys that a process creates is set. SELinux only. */
    public static final String KEY_CREATE = "attr/keycreate";

    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    private LabelFile() {}

    /**
     * Opens the file for {@code process}, which alone may write to it.
     *
     * @param file below its own directory: {@code attr/exec}
     */
    public static Fd open(Kernel runtime, Kernel process, String file) {
        try (Fd proc = runtime.files().open("/proc", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            Files files = process.files();
            // Nothing that is mounted below it, not even on the host, may stand in for the file.
            EnumSet<ResolveFlag> how =
                    EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_XDEV, ResolveFlag.NO_MAGICLINKS);
            Fd opened =
                    files.resolve(proc, "thread-self/" + file, EnumSet.of(OpenFlag.WRONLY), how);
            if (files.fileSystemType(opened) != PROC_SUPER_MAGIC) {
                opened.close();
                throw Failure.of(
                        Failure.Code.LABEL,
                        opened.name() + " is no file of a procfs; mount one at /proc");
            }
            return opened;
        }
    }
}
