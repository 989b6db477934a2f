// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

/**
 * A container's cgroup in one hierarchy.
 *
 * @param path below the hierarchy's mount point, beginning with a slash
 */
public record Cgroup(Hierarchy hierarchy, String path) {
    /** Returns the cgroup {@code name} in this one. */
    public Cgroup below(String name) {
        return new Cgroup(hierarchy, path + "/" + name);
    }

    /** Returns the directory on this host. */
    public String directory() {
        return hierarchy.mountPoint() + path;
    }

    /** Returns what it is called in {@code state.json}: a v1 controller, or "" for v2. */
    public String key() {
        return hierarchy.isUnified() ? "" : hierarchy.controllers().get(0);
    }
}
