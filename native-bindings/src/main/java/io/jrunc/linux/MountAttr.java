// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The {@code MOUNT_ATTR_*} bits of mount_setattr(2) and fsmount(2), as in linux/mount.h. */
public enum MountAttr implements Flag {
    RDONLY(0x1L),
    NOSUID(0x2L),
    NODEV(0x4L),
    NOEXEC(0x8L),
    NOATIME(0x10L),
    STRICTATIME(0x20L),
    NODIRATIME(0x80L),
    IDMAP(0x100000L),
    NOSYMFOLLOW(0x200000L);

    private final long bit;

    MountAttr(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return "MOUNT_ATTR_" + name();
    }
}
