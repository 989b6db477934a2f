// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/**
 * The type and identity of a file, requested in a batch with other calls and fetched when needed.
 * statx(2), fstatfs(2).
 */
public final class StatResult {
    private static final long ALL_BITS = -1;

    /** Of the 64-bit word at {@link #MODE}: its third 16 bits are the mode. */
    private static final long TYPE_BITS = 0170000L << 32;

    private static final int MODE = 24;
    private static final int DEVICE = 128;

    private final Kernel kernel;
    private final Call statx;
    private final Arg.Out file;
    private final Call statfs;
    private final Arg.Out fileSystem;

    StatResult(Kernel kernel, Call statx, Arg.Out file, Call statfs, Arg.Out fileSystem) {
        this.kernel = kernel;
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

    /** Submits a check that it is the device with these numbers, of this type. */
    public void checkDevice(int type, int major, int minor) {
        long device = major & 0xffffffffL | (long) minor << 32;
        check(MODE, TYPE_BITS, (long) type << 32);
        check(DEVICE, ALL_BITS, device);
    }

    private void check(int offset, long mask, long value) {
        Check.of(kernel, statx.subject(), file, offset, mask, value, true).after(statx).submit();
    }

    /** Returns the type of the file system that holds it, a magic number of statfs(2). */
    public long fileSystemType() {
        statfs.result();
        return fileSystem.buffer().getLong(0);
    }
}
