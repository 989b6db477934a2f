// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.MountInfo;
import io.jrunc.linux.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroup file systems that are mounted here: v1 hierarchies, the v2 hierarchy, or both
 * ("hybrid"). Sources: /proc/self/mountinfo, proc(5); /proc/self/cgroup, cgroups(7).
 */
public record Hierarchies(List<Hierarchy> all) {
    public static final String OWN_CGROUPS = "/proc/self/cgroup";

    public Hierarchies {
        all = List.copyOf(all);
    }

    /** Reads what this process sees. */
    public static Hierarchies read() {
        return read(OWN_CGROUPS);
    }

    /**
     * Reads what this process sees, for a caller that may be in other cgroups.
     *
     * @param cgroups a file as /proc/PID/cgroup, of the caller
     */
    public static Hierarchies read(String cgroups) {
        return parse(Strings.ofFile(MountInfo.OWN), Strings.ofFile(cgroups));
    }

    static Hierarchies parse(String mountInfo, String ownCgroups) {
        List<Own> own = own(ownCgroups);
        List<Hierarchy> all = new ArrayList<>();
        List<MountInfo> mounts = MountInfo.parse(mountInfo);
        for (MountInfo mount : mounts) {
            Optional<Own> found = match(own, mount);
            if (found.isEmpty() || mount.isCovered(mounts)) {
                continue;
            }
            Own group = found.get();
            // The first mount of each hierarchy: later ones may be parts of it, bound for a
            // container.
            if (!isKnown(all, group.controllers)) {
                String path = below(mount.root(), group.path);
                all.add(new Hierarchy(group.controllers, mount.mountPoint(), path));
            }
        }
        return new Hierarchies(all);
    }

    /**
     * A line of /proc/self/cgroup: a hierarchy's controllers, none for v2, and our cgroup in it.
     */
    private record Own(List<String> controllers, String path) {}

    private static List<Own> own(String ownCgroups) {
        List<Own> own = new ArrayList<>();
        for (String line : ownCgroups.split("\n", -1)) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3) {
                List<String> controllers =
                        parts[1].isEmpty() ? List.of() : List.of(parts[1].split(",", -1));
                own.add(new Own(controllers, parts[2]));
            }
        }
        return own;
    }

    /**
     * Returns which hierarchy is mounted; among a v1 mount's options are the names of its
     * controllers.
     */
    private static Optional<Own> match(List<Own> own, MountInfo mount) {
        boolean unified = mount.type().equals("cgroup2");
        if (!unified && !mount.type().equals("cgroup")) {
            return Optional.empty();
        }
        for (Own group : own) {
            boolean found =
                    unified
                            ? group.controllers.isEmpty()
                            : !group.controllers.isEmpty()
                                    && mount.superOptions().contains(group.controllers.get(0));
            if (found) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    private static boolean isKnown(List<Hierarchy> all, List<String> controllers) {
        for (Hierarchy known : all) {
            if (known.controllers().equals(controllers)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the path of our cgroup below the mount, which may show only a part of the hierarchy.
     */
    private static String below(String mountRoot, String path) {
        if (mountRoot.equals("/")) {
            return path;
        }
        if (path.equals(mountRoot)) {
            return "/";
        }
        return path.startsWith(mountRoot + "/") ? path.substring(mountRoot.length()) : "/";
    }

    /** Returns whether there is nothing but the v2 hierarchy. */
    public boolean isPureV2() {
        return all.size() == 1 && all.get(0).isUnified();
    }

    /** Returns the v2 hierarchy. */
    public Optional<Hierarchy> unified() {
        for (Hierarchy hierarchy : all) {
            if (hierarchy.isUnified()) {
                return Optional.of(hierarchy);
            }
        }
        return Optional.empty();
    }

    /** Returns the v1 hierarchy that controls {@code controller}. */
    public Optional<Hierarchy> of(String controller) {
        for (Hierarchy hierarchy : all) {
            if (hierarchy.has(controller)) {
                return Optional.of(hierarchy);
            }
        }
        return Optional.empty();
    }
}
