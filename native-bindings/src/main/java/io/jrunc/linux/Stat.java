package io.jrunc.linux;

import java.nio.ByteBuffer;

/**
 * What statx(2) says of a file.
 *
 * @param mode type and permission bits, as in stat(2)
 * @param links how many names it has
 * @param deviceMajor of the device that a device node stands for
 * @param deviceMinor of the device that a device node stands for
 * @param readSeconds when it was last read, since 1970; {@code readNanos} beyond that
 * @param writtenSeconds when its content last changed, since 1970
 * @param fileSystem major and minor number of the device that holds it, in one word
 * @param mountRoot whether something is mounted exactly here; Linux 5.8
 */
public record Stat(
        int mode,
        int links,
        int uid,
        int gid,
        long inode,
        long size,
        int deviceMajor,
        int deviceMinor,
        long readSeconds,
        int readNanos,
        long writtenSeconds,
        int writtenNanos,
        long fileSystem,
        boolean mountRoot) {
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    static final int BYTES = 256;
    private static final int TYPE = 0170000;

    static Stat parse(ByteBuffer statx) {
        return new Stat(
                statx.getShort(28) & 0xffff,
                statx.getInt(16),
                statx.getInt(20),
                statx.getInt(24),
                statx.getLong(32),
                statx.getLong(40),
                statx.getInt(128),
                statx.getInt(132),
                statx.getLong(64),
                statx.getInt(72),
                statx.getLong(112),
                statx.getInt(120),
                (long) statx.getInt(136) << 32 | statx.getInt(140),
                (statx.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0);
    }

    /** Whether it is the same file, whatever has become of it in between. */
    public boolean isSameAs(Stat other) {
        return inode == other.inode && fileSystem == other.fileSystem;
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

    /** Whether it is a pipe, with or without a name. */
    public boolean isPipe() {
        return (mode & TYPE) == 0010000;
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
