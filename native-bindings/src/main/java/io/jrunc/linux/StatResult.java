// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/**
 * What a descriptor stands for, asked together with the calls around it and answered when somebody
 * needs to know. statx(2), fstatfs(2).
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

    /** The file. */
    public Stat stat() {
        statx.result();
        return Stat.parse(file.buffer());
    }

    /** The type of the file system that holds it, a magic number of statfs(2). */
    public long fileSystemType() {
        statfs.result();
        return fileSystem.buffer().getLong(0);
    }
}
