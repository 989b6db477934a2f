// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.EnumSet;
import java.util.Set;

/**
 * Makes what a sandbox mounts on, in its root file system on the host: the sandbox's own user may
 * not. No link of that file system leads out of it. openat2(2), RESOLVE_IN_ROOT.
 */
record MountPoints(Kernel kernel, Fd root) implements AutoCloseable {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final Set<OpenFlag> DIRECTORY = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);

    /** Opens the root file system. */
    static MountPoints below(Kernel kernel, String rootfs) {
        return new MountPoints(
                kernel, kernel.files().open(rootfs, OpenFlag.PATH, OpenFlag.DIRECTORY));
    }

    /** Makes the directory, and those above it, as far as they are missing. */
    void directory(String path) {
        StringBuilder above = new StringBuilder("/");
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                String parent = above.toString();
                above.append(name);
                if (!isThere(above.toString(), DIRECTORY)) {
                    makeDirectory(parent, name);
                }
                above.append('/');
            }
        }
    }

    /** Makes an empty file, and the directories above it, as far as they are missing. */
    void file(String path) {
        if (isThere(path, EnumSet.of(OpenFlag.PATH))) {
            return;
        }
        int slash = path.lastIndexOf('/');
        directory(path.substring(0, slash));
        Files files = kernel.files();
        try (Fd parent = files.openInRoot(root, path.substring(0, slash + 1), DIRECTORY);
                Fd made =
                        files.create(
                                parent, path.substring(slash + 1), FILE_MODE, OpenFlag.WRONLY)) {
            made.requireOpen();
        }
    }

    private boolean isThere(String path, Set<OpenFlag> flags) {
        try (Fd found = kernel.files().openInRootIfPossible(root, path, flags)) {
            return found.isOpen();
        }
    }

    private void makeDirectory(String parent, String name) {
        try (Fd directory = kernel.files().openInRoot(root, parent, DIRECTORY)) {
            kernel.directories()
                    .mkdir(directory, name, DIRECTORY_MODE)
                    .tolerate(Errno.EEXIST)
                    .submit();
        }
    }

    @Override
    public void close() {
        root.close();
    }
}
