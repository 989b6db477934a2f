// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The {@code MS_*} bits of mount(2), as in linux/mount.h. */
public enum MountFlag implements Flag {
    RDONLY(1L),
    NOSUID(1L << 1),
    NODEV(1L << 2),
    NOEXEC(1L << 3),
    SYNCHRONOUS(1L << 4),
    REMOUNT(1L << 5),
    MANDLOCK(1L << 6),
    DIRSYNC(1L << 7),
    NOSYMFOLLOW(1L << 8),
    NOATIME(1L << 10),
    NODIRATIME(1L << 11),
    BIND(1L << 12),
    MOVE(1L << 13),
    REC(1L << 14),
    SILENT(1L << 15),
    UNBINDABLE(1L << 17),
    PRIVATE(1L << 18),
    SLAVE(1L << 19),
    SHARED(1L << 20),
    RELATIME(1L << 21),
    I_VERSION(1L << 23),
    STRICTATIME(1L << 24),
    LAZYTIME(1L << 25);

    private final long bit;

    MountFlag(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return "MS_" + name();
    }
}
