// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.Optional;

/**
 * Where the image of a container is, and the log of criu(8).
 *
 * @param image open in the runtime
 * @param imagePath absolute
 * @param workPath absolute; may be the same
 */
record CheckpointDirectories(Fd image, String imagePath, String workPath) implements AutoCloseable {
    /**
     * An image holds the memory of the container: others may not read its files. Root of a user
     * namespace is another, and looks there which of them exist when it is restored.
     */
    private static final int DIRECTORY_MODE = 0711;

    private static final int FILE_MODE = 0600;

    /** Opens the image's, and makes those that are missing. */
    static CheckpointDirectories make(Kernel runtime, String image, Optional<String> work) {
        make(runtime, image);
        return open(runtime, image, work);
    }

    /** Opens the image's; only that of the log may be missing. */
    static CheckpointDirectories open(Kernel runtime, String image, Optional<String> work) {
        work.ifPresent(path -> make(runtime, path));
        try {
            Fd opened = runtime.files().open(image, OpenFlag.RDONLY, OpenFlag.DIRECTORY);
            return new CheckpointDirectories(opened, image, work.orElse(image));
        } catch (Failure f) {
            throw explained(f);
        }
    }

    private static Failure explained(Failure f) {
        boolean missing = f.is(Errno.ENOENT) || f.is(Errno.ENOTDIR);
        return missing ? f.during("this is no image of a container") : f;
    }

    private static void make(Kernel runtime, String path) {
        Files files = runtime.files();
        files.directories()
                .mkdir(files.here(), path, DIRECTORY_MODE)
                .tolerate(Errno.EEXIST)
                .submit();
        runtime.flush();
    }

    /** Returns a file in the image. */
    byte[] read(String name) {
        Files files = image.kernel().files();
        try (Fd file = files.openAt(image, name, OpenFlag.RDONLY)) {
            return files.readAll(file);
        } catch (Failure f) {
            throw explained(f);
        }
    }

    /** Writes a file into the image. */
    void write(String name, byte[] content) {
        Files files = image.kernel().files();
        try (Fd file =
                files.openOrCreate(image, name, FILE_MODE, OpenFlag.WRONLY, OpenFlag.TRUNC)) {
            files.writeAll(file, content);
        }
    }

    /** Returns the path of a log. */
    String log(String name) {
        return workPath + "/" + name;
    }

    @Override
    public void close() {
        image.close();
    }
}
