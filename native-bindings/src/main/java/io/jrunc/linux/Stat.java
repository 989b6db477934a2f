package io.jrunc.linux;

import java.nio.ByteBuffer;

/**
 * What statx(2) says of a file.
 *
 * @param mode type and permission bits, as in stat(2)
 * @param deviceMajor of the device that a device node stands for
 * @param deviceMinor of the device that a device node stands for
 */
public record Stat(
        int mode, int uid, int gid, long inode, long size, int deviceMajor, int deviceMinor) {
    static final int BYTES = 256;
    private static final int TYPE = 0170000;

    static Stat parse(ByteBuffer statx) {
        return new Stat(
                statx.getShort(28) & 0xffff,
                statx.getInt(20),
                statx.getInt(24),
                statx.getLong(32),
                statx.getLong(40),
                statx.getInt(128),
                statx.getInt(132));
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    /** Whether it is a regular file. */
    public boolean isRegularFile() {
        return (mode & TYPE) == 0100000;
    }

    /** Whether it is a symbolic link. */
    public boolean isSymlink() {
        return (mode & TYPE) == 0120000;
    }

    /** Whether it is a pipe or a socket: something without a place in the file system's tree. */
    public boolean isPipeOrSocket() {
        return (mode & TYPE) == 0010000 || (mode & TYPE) == 0140000;
    }

    /** Whether it is the character device with these numbers. */
    public boolean isCharacterDevice(int major, int minor) {
        return (mode & TYPE) == 0020000 && deviceMajor == major && deviceMinor == minor;
    }

    /** The type bits, as mknod(2) takes them. */
    public int type() {
        return mode & TYPE;
    }

    /** The permission bits. */
    public int permissions() {
        return mode & 07777;
    }
}
