// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.Optional;

/**
 * The file from which an engine reads init's pid: bare digits. A regular file is replaced
 * atomically; to a pipe, a device or the target of a link, the digits are written.
 */
final class PidFile {
    private static final int MODE = 0644;

    private PidFile() {}

    /**
     * Writes it.
     *
     * @param caller the process in which {@code path} means what the caller meant
     */
    static void write(Kernel caller, String path, int pid) {
        Files files = caller.files();
        Optional<Stat> old = files.linkStatIfExists(path);
        if (old.isEmpty() || old.get().isRegularFile()) {
            replace(files, path, pid);
        } else {
            OpenFlag[] flags = {OpenFlag.WRONLY, OpenFlag.TRUNC, OpenFlag.NOCTTY};
            try (Fd file = files.openOrCreate(files.here(), path, MODE, flags)) {
                files.write(file, Integer.toString(pid));
            }
        }
        caller.flush();
    }

    private static void replace(Files files, String path, int pid) {
        int slash = path.lastIndexOf('/');
        String directoryPath = slash < 0 ? "." : path.substring(0, slash + 1);
        String name = path.substring(slash + 1);
        try (Fd directory = files.open(directoryPath, OpenFlag.DIRECTORY, OpenFlag.PATH)) {
            String draft = "." + name;
            // The draft of a process that was killed.
            files.directories().unlink(directory, draft).tolerate(Errno.ENOENT).submit();
            try (Fd file = files.create(directory, draft, MODE, OpenFlag.WRONLY)) {
                files.write(file, Integer.toString(pid));
            }
            files.directories().rename(directory, draft, name);
        }
    }
}
