// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import java.util.List;

/**
 * One mounted cgroup file system. cgroups(7).
 *
 * @param controllers what it controls, {@code [name=systemd]} for a named one, empty for v2
 * @param mountPoint where it is mounted, e.g. {@code /sys/fs/cgroup/memory}
 * @param ownPath the caller's cgroup in it, e.g. {@code /}
 */
public record Hierarchy(List<String> controllers, String mountPoint, String ownPath) {
    public Hierarchy {
        controllers = List.copyOf(controllers);
    }

    /** Returns whether it is the v2 hierarchy. */
    public boolean isUnified() {
        return controllers.isEmpty();
    }

    /** Returns whether it controls {@code controller}. */
    public boolean has(String controller) {
        return controllers.contains(controller);
    }

    /**
     * Returns the last part of the mount point, its name inside a container: {@code cpu,cpuacct}.
     */
    public String directoryName() {
        return mountPoint.substring(mountPoint.lastIndexOf('/') + 1);
    }
}
