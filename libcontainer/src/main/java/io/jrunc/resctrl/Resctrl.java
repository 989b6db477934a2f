// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.MountInfo;
import io.jrunc.linux.OpenFlag;
import java.util.Optional;

/**
 * The resctrl file system: its files, and what it says of failures.
 *
 * @param mountPoint {@code /sys/fs/resctrl}, as a rule
 */
record Resctrl(Files files, String mountPoint) {
    private static final String TYPE = "resctrl";
    private static final int DIRECTORY_MODE = 0755;

    /** Returns where the text of a {@code /proc/PID/mountinfo} has it; absent: nowhere. */
    static Optional<String> mountPoint(String mountinfo) {
        for (MountInfo mount : MountInfo.parse(mountinfo)) {
            if (mount.type().equals(TYPE)) {
                return Optional.of(mount.mountPoint());
            }
        }
        return Optional.empty();
    }

    /** Writes the file in one call: the kernel takes each as a whole. */
    void write(String path, String text) {
        try (Fd file = files.open(path, OpenFlag.WRONLY)) {
            files.write(file, text).result();
        } catch (Failure f) {
            throw explained("write", path, f);
        }
    }

    /** Makes a group; false if it is there already. */
    boolean make(String path) {
        try {
            var made =
                    files.directories()
                            .mkdir(files.here(), path, DIRECTORY_MODE)
                            .tolerate(Errno.EEXIST);
            return made.submit().error().isEmpty();
        } catch (Failure f) {
            throw explained("mkdir", path, f);
        }
    }

    /** Returns the failure with what {@code info/last_cmd_status} says of it. */
    private Failure explained(String operation, String path, Failure failure) {
        Optional<Errno> errno = failure.errno();
        return errno.isEmpty()
                ? failure
                : Failure.syscall(operation, path, errno.get(), lastStatus());
    }

    /** Returns one line; empty if there is nothing to say. */
    private String lastStatus() {
        try {
            String status = files.readText(mountPoint + "/info/last_cmd_status").strip();
            return status.equals("ok") ? "" : status.replace('\n', ' ');
        } catch (Failure f) {
            return ""; // Linux before 4.16
        }
    }
}
