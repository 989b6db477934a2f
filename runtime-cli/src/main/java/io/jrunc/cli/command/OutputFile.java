// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.Optional;

/**
 * A file that is to be written when something has come to its end. That it can be is known at the
 * beginning; until the end it is as it was, or is not there.
 */
public final class OutputFile implements AutoCloseable {
    private static final int MODE = 0644;

    private final Files files;
    private final Fd directory;
    private final String name;
    private final String draft;
    private final Fd file;

    private OutputFile(Files files, Fd directory, String name, String draft, Fd file) {
        this.files = files;
        this.directory = directory;
        this.name = name;
        this.draft = draft;
        this.file = file;
    }

    /** Makes sure that the file at {@code path}, as the caller means it, can be written. */
    public static OutputFile at(Context context, String path) {
        Files files = context.kernel().files();
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String draft = "." + name + ".new";
        // The launcher knows what the path means, but is busy with the container in the end.
        Optional<Stat> old = context.launcher().caller().files().linkStatIfExists(path);
        if (name.isEmpty() || old.isPresent() && !old.get().isRegularFile()) {
            throw Failure.of(
                    Failure.Code.USAGE, path + " is no plain file; name one, or a new one");
        }
        String parent = slash < 0 ? "." : path.substring(0, slash + 1);
        Fd directory = context.launcher().open(parent, OpenFlag.DIRECTORY);
        try {
            Fd file = files.openOrCreate(directory, draft, MODE, OpenFlag.WRONLY, OpenFlag.TRUNC);
            return new OutputFile(files, directory, name, draft, file);
        } catch (Failure f) {
            directory.close();
            throw f;
        }
    }

    /** Writes it. */
    public void write(byte[] content) {
        files.writeAll(file, content);
        files.directories().rename(directory, draft, name);
    }

    /** Removes what was not written. */
    @Override
    public void close() {
        file.close();
        files.directories().unlink(directory, draft).tolerate(Errno.ENOENT).submit();
        directory.close();
    }
}
