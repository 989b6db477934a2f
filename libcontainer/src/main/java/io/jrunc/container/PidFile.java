package io.jrunc.container;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;

/** The file that tells an engine init's pid: bare digits, there in whole or not at all. */
final class PidFile {
    private static final int MODE = 0644;

    private PidFile() {}

    static void write(Kernel kernel, String path, int pid) {
        Files files = kernel.files();
        int slash = path.lastIndexOf('/');
        String directoryPath = slash <= 0 ? "/" : path.substring(0, slash);
        String name = path.substring(slash + 1);
        try (Fd directory = files.open(directoryPath, OpenFlag.DIRECTORY, OpenFlag.PATH)) {
            String draft = "." + name;
            // A draft that somebody who was killed has left.
            files.unlink(directory, draft).tolerate(Errno.ENOENT).submit();
            try (Fd file = files.create(directory, draft, MODE, OpenFlag.WRONLY)) {
                files.write(file, Integer.toString(pid));
            }
            files.rename(directory, draft, name);
        }
    }
}
