package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroups that a container gets: one in every hierarchy, with its limits.
 *
 * @param cgroups one per hierarchy; empty with the manager "disabled"
 * @param userNamespace whether the container is in another user namespace than the host's first
 * @param rootless whether cgroups that the caller may not create are done without
 */
public record CgroupSetup(
        List<Cgroup> cgroups, Resources resources, boolean userNamespace, boolean rootless) {
    public CgroupSetup {
        cgroups = List.copyOf(cgroups);
    }

    /** Places a container in all of {@code hierarchies}. */
    public static CgroupSetup of(
            Hierarchies hierarchies,
            Optional<String> cgroupsPath,
            String id,
            Resources resources,
            boolean userNamespace,
            boolean rootless) {
        List<Cgroup> cgroups = new ArrayList<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            cgroups.add(new Cgroup(hierarchy, CgroupPaths.in(hierarchy, cgroupsPath, id)));
        }
        if (cgroups.isEmpty()) {
            throw Failure.of(
                    "host",
                    "no cgroup file system is mounted; mount one at /sys/fs/cgroup, or use"
                            + " --cgroup-manager disabled");
        }
        return new CgroupSetup(cgroups, resources, userNamespace, rootless);
    }

    /** No cgroup of the container's own: it stays in the caller's. */
    public static CgroupSetup disabled() {
        return new CgroupSetup(List.of(), Resources.NONE, false, false);
    }

    /** The v2 cgroup, or null. */
    public Cgroup unified() {
        for (Cgroup cgroup : cgroups) {
            if (cgroup.hierarchy().isUnified()) {
                return cgroup;
            }
        }
        return null;
    }

    /** The directories, one per hierarchy. */
    public List<String> directories() {
        List<String> directories = new ArrayList<>();
        for (Cgroup cgroup : cgroups) {
            directories.add(cgroup.directory());
        }
        return directories;
    }
}
