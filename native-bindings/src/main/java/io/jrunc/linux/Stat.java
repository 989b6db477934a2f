// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;

/** What statx(2) says of a file; each part is read from the kernel's structure when asked for. */
public final class Stat {
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    static final int BYTES = 256;
    private static final int TYPE = 0170000;

    private final ByteBuffer statx;

    private Stat(ByteBuffer statx) {
        this.statx = statx;
    }

    /** Reads {@code struct statx}, which must not change any more. */
    static Stat parse(ByteBuffer statx) {
        return new Stat(statx);
    }

    /** Type and permission bits, as in stat(2). */
    public int mode() {
        return statx.getShort(28) & 0xffff;
    }

    /** How many names it has. */
    public int links() {
        return statx.getInt(16);
    }

    public int uid() {
        return statx.getInt(20);
    }

    public int gid() {
        return statx.getInt(24);
    }

    public long inode() {
        return statx.getLong(32);
    }

    /** The size in bytes. */
    public long size() {
        return statx.getLong(40);
    }

    /** The major number of the device that a device node stands for. */
    public int deviceMajor() {
        return statx.getInt(128);
    }

    /** The minor number of the device that a device node stands for. */
    public int deviceMinor() {
        return statx.getInt(132);
    }

    /** The number of the device that a device node stands for, as in stat(2). */
    public long device() {
        return device(deviceMajor(), deviceMinor());
    }

    /** The number of the device that holds it, as in stat(2). */
    public long holder() {
        return device(statx.getInt(136), statx.getInt(140));
    }

    static long device(int major, int minor) {
        return (major & 0xfffL) << 8 | minor & 0xff | (minor & ~0xffL) << 12;
    }

    /** When it was last read, in seconds since 1970; {@link #readNanos} beyond that. */
    long readSeconds() {
        return statx.getLong(64);
    }

    int readNanos() {
        return statx.getInt(72);
    }

    /** When its content last changed, in seconds since 1970; {@link #writtenNanos} beyond that. */
    long writtenSeconds() {
        return statx.getLong(112);
    }

    int writtenNanos() {
        return statx.getInt(120);
    }

    /** The major and minor number of the device that holds it, in one word. */
    public long fileSystem() {
        return (long) statx.getInt(136) << 32 | statx.getInt(140);
    }

    /** The number of the mount that it was looked up in, as in mountinfo; Linux 5.8. */
    public long mountId() {
        return statx.getLong(144);
    }

    /** Whether something is mounted exactly here; Linux 5.8. */
    public boolean mountRoot() {
        return (statx.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0;
    }

    /** Returns whether it is the same file, whatever has become of it in between. */
    public boolean isSameAs(Stat other) {
        return inode() == other.inode() && fileSystem() == other.fileSystem();
    }

    /** Returns whether it is a directory. */
    public boolean isDirectory() {
        return (mode() & TYPE) == 0040000;
    }

    /** Returns whether it is a regular file. */
    public boolean isRegularFile() {
        return (mode() & TYPE) == 0100000;
    }

    /** Returns whether it is a symbolic link. */
    public boolean isSymlink() {
        return (mode() & TYPE) == 0120000;
    }

    /** Returns whether it is a pipe, with or without a name. */
    public boolean isPipe() {
        return (mode() & TYPE) == 0010000;
    }

    /** Returns whether it is the character device with these numbers. */
    public boolean isCharacterDevice(int major, int minor) {
        return (mode() & TYPE) == 0020000 && deviceMajor() == major && deviceMinor() == minor;
    }

    /** Returns the type bits, as mknod(2) takes them. */
    public int type() {
        return mode() & TYPE;
    }

    /** Returns the permission bits. */
    public int permissions() {
        return mode() & 07777;
    }
}
