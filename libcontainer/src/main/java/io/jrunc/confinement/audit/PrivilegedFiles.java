// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for set-user-ID and set-group-ID programs, and those with file capabilities. Links are not
 * followed and other file systems not entered, even while a container changes the tree.
 */
final class PrivilegedFiles {
    /** A tree of this size takes some seconds. */
    private static final int MAX_FILES = 300_000;

    /** Each holds a descriptor. */
    private static final int MAX_DEPTH = 100;

    /** The most that are listed: a longer list would not be read. */
    private static final int MAX_FOUND = 1000;

    private static final int SET_IDS = 06000;
    private static final int EXECUTE = 0111;
    private static final String FILE_CAPABILITIES = "security.capability";

    private final Kernel kernel;
    private final Files files;
    private final long fileSystem;
    private final List<String> found = new ArrayList<>();
    private String unsearched = "";
    private int count;

    private PrivilegedFiles(Kernel kernel, long fileSystem) {
        this.kernel = kernel;
        this.files = kernel.files();
        this.fileSystem = fileSystem;
    }

    /** Searches {@code directory}, a path on the host. */
    static PrivilegedFiles below(Kernel kernel, String directory) {
        try (Fd root = kernel.files().open(directory, OpenFlag.RDONLY, OpenFlag.DIRECTORY)) {
            PrivilegedFiles search =
                    new PrivilegedFiles(kernel, kernel.files().stat(root).fileSystem());
            search.directory(root, "", 0);
            return search;
        } catch (Failure f) {
            PrivilegedFiles none = new PrivilegedFiles(kernel, 0);
            none.unsearched = f.getMessage();
            return none;
        }
    }

    /** Paths as the container sees them, with what they have. */
    List<String> found() {
        return found;
    }

    /** Why not everything was searched; empty if it was. */
    String unsearched() {
        return unsearched;
    }

    private void directory(Fd directory, String path, int depth) {
        // Never all names at once: the image decides how many there are.
        List<String> names = files.directories().listSome(directory);
        while (!names.isEmpty()) {
            for (String name : names) {
                if (++count > MAX_FILES || depth > MAX_DEPTH || found.size() == MAX_FOUND) {
                    tellOnce("there are too many files: not all searched below " + path + "/");
                    return;
                }
                search(directory, name, path + "/" + name, depth);
            }
            names = files.directories().listSome(directory);
        }
    }

    private void search(Fd directory, String name, String path, int depth) {
        try {
            entry(directory, name, path, depth);
        } catch (Failure f) {
            tellOnce(path + ": " + f.getMessage()); // gone, or not ours to read
        }
    }

    /** The first reason is the innermost one. */
    private void tellOnce(String reason) {
        unsearched = unsearched.isEmpty() ? reason : unsearched;
    }

    private void entry(Fd directory, String name, String path, int depth) {
        Stat stat = files.statAt(directory, name);
        if (stat.fileSystem() != fileSystem) {
            return;
        }
        if (stat.isDirectory()) {
            try (Fd child =
                    files.openAt(
                            directory,
                            name,
                            OpenFlag.RDONLY,
                            OpenFlag.DIRECTORY,
                            OpenFlag.NOFOLLOW)) {
                directory(child, path, depth + 1);
            }
        } else if (stat.isRegularFile() && (stat.permissions() & EXECUTE) != 0) {
            if ((stat.permissions() & SET_IDS) != 0) {
                found.add(path + " (set-ID)");
            } else if (hasCapabilities(directory, name)) {
                found.add(path + " (file capabilities)");
            }
        }
    }

    private boolean hasCapabilities(Fd directory, String name) {
        try (Fd handle = files.openAt(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
            Optional<Fd> file = files.openRegular(handle, files.stat(handle));
            return file.isPresent() && hasCapabilities(file.get());
        }
    }

    private boolean hasCapabilities(Fd opened) {
        try (Fd file = opened) {
            return file.isOpen()
                    && kernel.copies().attributeNames(file).contains(FILE_CAPABILITIES);
        }
    }
}
