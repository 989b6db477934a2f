// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/**
 * The type and identity of a file, requested in a batch with other calls and fetched when needed.
 * statx(2), fstatfs(2).
 */
public final class StatResult {
    private final Call statx;
    private final Arg.Out file;
    private final Call statfs;
    private final Arg.Out fileSystem;

    StatResult(Call statx, Arg.Out file, Call statfs, Arg.Out fileSystem) {
        this.statx = statx;
        this.file = file;
        this.statfs = statfs;
        this.fileSystem = fileSystem;
    }

    /** Returns the file. */
    public Stat stat() {
        statx.result();
        return Stat.parse(file.buffer());
    }

    /** Returns the type of the file system that holds it, a magic number of statfs(2). */
    public long fileSystemType() {
        statfs.result();
        return fileSystem.buffer().getLong(0);
    }
}
