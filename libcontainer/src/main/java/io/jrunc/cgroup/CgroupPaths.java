package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Where a container's cgroup lies in a hierarchy, from {@code linux.cgroupsPath}. */
public final class CgroupPaths {
    private CgroupPaths() {}

    /**
     * The path below the hierarchy's mount point, beginning with a slash.
     *
     * @param cgroupsPath absolute: below the mount point; relative: below the caller's cgroup;
     *     absent: the container's id, below the caller's cgroup
     */
    public static String in(Hierarchy hierarchy, Optional<String> cgroupsPath, String id) {
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
        Deque<String> kept = new ArrayDeque<>();
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String name = path.substring(start, end);
            if (name.equals("..")) {
                kept.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                kept.addLast(name);
            }
            start = end + 1;
        }
        if (kept.isEmpty()) {
            throw Failure.invalid(
                    "linux.cgroupsPath",
                    "\"" + path + "\" is the root cgroup",
                    "name a cgroup of the container's own");
        }
        StringBuilder clean = new StringBuilder();
        for (String name : kept) {
            clean.append('/').append(name);
        }
        return clean.toString();
    }
}
