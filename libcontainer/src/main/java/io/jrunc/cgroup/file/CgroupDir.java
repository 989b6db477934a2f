// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/** The directory of one cgroup and its files. */
public final class CgroupDir implements AutoCloseable {
    private static final int PAGE = 4096;

    private final Files files;
    private final Fd directory;

    private CgroupDir(Kernel kernel, String path) {
        this.files = kernel.files();
        this.directory = files.open(path, OpenFlag.DIRECTORY, OpenFlag.PATH);
    }

    /** Opens an existing cgroup. */
    public static CgroupDir open(Kernel kernel, String path) {
        return new CgroupDir(kernel, path);
    }

    /** Writes a file of the cgroup; the failure names value and file. */
    public void write(String file, String value) {
        write(file, List.of(value));
    }

    /** Writes values to a file of the cgroup, one after the other. */
    public void write(String file, List<String> values) {
        try (Fd fd = openFile(file, OpenFlag.WRONLY)) {
            for (String value : values) {
                files.write(fd, value).result();
            }
        } catch (Failure f) {
            throw f.is(Errno.ENOENT)
                    ? Failure.of(
                            Failure.Code.CGROUP,
                            "cgroup has no " + file + "; its controller is not available here",
                            file,
                            Errno.ENOENT,
                            "")
                    : f;
        }
    }

    /**
     * Writes a file of the cgroup and returns true, or returns false if the kernel answers {@code
     * tolerated}; {@link Errno#ENOENT} is a file that the cgroup does not have.
     */
    public boolean attempt(String file, String value, Errno tolerated) {
        try {
            write(file, value);
            return true;
        } catch (Failure f) {
            if (f.is(tolerated)) {
                return false;
            }
            throw f;
        }
    }

    /** Reads a file of the cgroup, up to a page of it. */
    public String read(String file) {
        try (Fd fd = openFile(file, OpenFlag.RDONLY)) {
            return new String(files.read(fd, PAGE), StandardCharsets.UTF_8).strip();
        }
    }

    /** Opens a file of the cgroup: no other, whatever its name. */
    public Fd openFile(String file, OpenFlag access) {
        return files.resolve(
                directory,
                file,
                EnumSet.of(access),
                EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS));
    }

    /** Returns whether the cgroup has this file. */
    public boolean has(String file) {
        try (Fd fd = files.openIfExists(directory, file, OpenFlag.PATH)) {
            return fd.isOpen();
        }
    }

    /** Returns the directory itself, lent. */
    public Fd descriptor() {
        return directory;
    }

    @Override
    public void close() {
        directory.close();
    }
}
