// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The flags of open_tree(2), move_mount(2) and mount_setattr(2), by their full names. */
enum AtFlag implements Flag {
    OPEN_TREE_CLONE(1),
    OPEN_TREE_CLOEXEC(02000000),
    AT_SYMLINK_NOFOLLOW(0x100),
    AT_EMPTY_PATH(0x1000),
    AT_RECURSIVE(0x8000),
    MOVE_MOUNT_F_EMPTY_PATH(0x4),
    MOVE_MOUNT_T_EMPTY_PATH(0x40);

    private final long bit;

    AtFlag(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return name();
    }
}
