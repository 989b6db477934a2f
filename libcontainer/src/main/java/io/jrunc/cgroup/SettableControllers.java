// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Strings;
import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which limits a container of the caller can have on this host. Source: cgroups(7). */
public final class SettableControllers {
    private static final String ID = "container";

    private SettableControllers() {}

    /**
     * Returns those of {@code wanted}, by their v1 names, that some hierarchy has in which the
     * caller may make the container's cgroup, if it is not placed elsewhere by {@code
     * linux.cgroupsPath}.
     */
    public static Set<String> among(List<String> wanted, Hierarchies hierarchies) {
        Set<String> settable = new TreeSet<>();
        for (String controller : wanted) {
            Optional<Hierarchy> hierarchy = hierarchies.of(controller).or(hierarchies::unified);
            if (hierarchy.isPresent() && canSet(hierarchy.get(), controller)) {
                settable.add(controller);
            }
        }
        return settable;
    }

    private static boolean canSet(Hierarchy hierarchy, String controller) {
        String path = hierarchy.mountPoint() + CgroupPaths.in(hierarchy, Optional.empty(), ID);
        File parent = new File(path).getParentFile();
        return parent.canWrite()
                && (hierarchy.has(controller) || hasController(parent, controller));
    }

    /** Returns what can be enabled below a v2 cgroup. */
    private static boolean hasController(File cgroup, String controller) {
        String names = Strings.ofFileIfReadable(cgroup + "/cgroup.controllers");
        return List.of(names.strip().split(" ", -1)).contains(controller);
    }
}
