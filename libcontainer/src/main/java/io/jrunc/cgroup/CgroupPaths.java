// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.AbsolutePath;
import io.jrunc.linux.Failure;
import java.util.Optional;

/** Where a container's cgroup lies in a hierarchy, from {@code linux.cgroupsPath}. */
final class CgroupPaths {
    private CgroupPaths() {}

    /**
     * Returns the path below the hierarchy's mount point, beginning with a slash.
     *
     * @param cgroupsPath absolute: below the mount point; relative: below the caller's cgroup;
     *     absent: the container's id, below the caller's cgroup
     */
    static String in(Hierarchy hierarchy, Optional<String> cgroupsPath, String id) {
        String wanted = cgroupsPath.orElse("");
        if (wanted.startsWith("/")) {
            return clean(wanted);
        }
        String name = clean("/" + (wanted.isEmpty() ? id : wanted));
        return clean(parentOf(hierarchy) + name);
    }

    /** On v2 a cgroup with processes cannot have children that are limited: use its parent. */
    private static String parentOf(Hierarchy hierarchy) {
        String own = hierarchy.ownPath();
        if (!hierarchy.isUnified() || own.equals("/")) {
            return own;
        }
        int slash = own.lastIndexOf('/');
        return slash == 0 ? "/" : own.substring(0, slash);
    }

    /** Removes "." and ".." by their letters, so that no path leaves the hierarchy. */
    private static String clean(String path) {
        String clean = AbsolutePath.clean(path);
        if (clean.equals("/")) {
            throw Failure.invalid(
                    "linux.cgroupsPath",
                    "\"" + path + "\" is the root cgroup",
                    "name a cgroup of the container's own");
        }
        return clean;
    }
}
