// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** How mounts below a mount point spread to its peers. mount_namespaces(7). */
public enum Propagation {
    UNBINDABLE(MountFlag.UNBINDABLE),
    PRIVATE(MountFlag.PRIVATE),
    SLAVE(MountFlag.SLAVE),
    SHARED(MountFlag.SHARED);

    private final MountFlag flag;

    Propagation(MountFlag flag) {
        this.flag = flag;
    }

    /** Returns the bit of mount(2) and of {@code mount_attr.propagation}. */
    MountFlag flag() {
        return flag;
    }
}
