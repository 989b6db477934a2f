// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cgroups that a container gets: one in every hierarchy, with its limits.
 *
 * @param cgroups one per hierarchy; empty with the manager "disabled"
 * @param inUserNamespace whether the runtime is in another user namespace than the host's first:
 *     device rules are then set outside
 * @param rootless whether cgroups that the caller may not create are left out
 * @param named whether the specification names them: such cgroups are required
 * @param unit the unit that systemd makes, with some of the cgroups; absent without systemd
 * @param subgroup the cgroup in the unit's that is the container's; absent: the unit's own
 * @param delegated the cgroup in the container's that init begins in; absent: the container's own
 */
public record CgroupSetup(
        List<Cgroup> cgroups,
        Resources resources,
        boolean inUserNamespace,
        boolean rootless,
        boolean named,
        Optional<SystemdUnit> unit,
        Optional<String> subgroup,
        Optional<String> delegated) {
    public CgroupSetup {
        cgroups = List.copyOf(cgroups);
    }

    /** Places a container in all of {@code hierarchies}. */
    static CgroupSetup of(
            Hierarchies hierarchies,
            Optional<String> cgroupsPath,
            String id,
            Resources resources,
            boolean inUserNamespace,
            boolean rootless) {
        List<Cgroup> cgroups = new ArrayList<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            cgroups.add(new Cgroup(hierarchy, CgroupPaths.in(hierarchy, cgroupsPath, id)));
        }
        if (cgroups.isEmpty()) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "no cgroup file system is mounted; mount one at /sys/fs/cgroup, or choose"
                            + " Cgroups.NONE");
        }
        requireControllers(hierarchies, resources);
        boolean named = !cgroupsPath.orElse("").isEmpty();
        return new CgroupSetup(
                cgroups,
                resources,
                inUserNamespace,
                rootless,
                named,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Places a container where {@code manager} puts the unit that it is to make. */
    static CgroupSetup bySystemd(
            Hierarchies hierarchies,
            Optional<String> cgroupsPath,
            String id,
            Resources resources,
            boolean inUserNamespace,
            SystemdManager manager) {
        boolean isUsers = !manager.cgroup().isEmpty();
        SystemdManager.Placed placed = manager.place(cgroupsPath, id);
        CgroupSetup setup =
                of(
                        hierarchies,
                        Optional.of(placed.path()),
                        id,
                        resources,
                        inUserNamespace,
                        isUsers);
        return new CgroupSetup(
                setup.cgroups,
                resources,
                inUserNamespace,
                isUsers,
                false,
                Optional.of(placed.unit()),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with the cgroups below that annotations of crun(1) ask for. */
    public CgroupSetup annotated(Spec spec) {
        if (spec.annotations().isEmpty()) {
            return this;
        }
        Optional<String> sub = below(spec, CrunAnnotations.SYSTEMD_SUBGROUP, unit.isPresent());
        Optional<String> payload = below(spec, CrunAnnotations.DELEGATE_CGROUP, true);
        if (payload.isPresent() && !spec.linux().creates(NamespaceType.CGROUP)) {
            throw Failure.invalid(
                    CrunAnnotations.field(CrunAnnotations.DELEGATE_CGROUP),
                    "needs a cgroup namespace of the container's own",
                    "add {\"type\": \"cgroup\"} to linux.namespaces, or remove it");
        }
        return new CgroupSetup(
                sub.isPresent() ? List.of(unified().orElseThrow().below(sub.get())) : cgroups,
                resources,
                inUserNamespace,
                rootless,
                named,
                unit,
                sub,
                payload);
    }

    private Optional<String> below(Spec spec, String annotation, boolean applies) {
        Optional<String> name =
                applies ? CrunAnnotations.cgroup(spec.annotations(), annotation) : Optional.empty();
        if (name.isPresent() && !isPureV2()) {
            throw Failure.invalid(
                    CrunAnnotations.field(annotation),
                    "needs a cgroup of the container's own, and nothing but cgroup v2 on the host",
                    "remove it");
        }
        return name;
    }

    /** The same without a limit of tasks, for what is there beside the container's at first. */
    public CgroupSetup withoutTaskLimit() {
        return new CgroupSetup(
                cgroups,
                resources.withTasks(Pids.NONE),
                inUserNamespace,
                rootless,
                named,
                unit,
                subgroup,
                delegated);
    }

    /** The path of the unit's cgroup below the mount points. */
    public String unitPath() {
        String path = cgroups.get(0).path();
        return subgroup.isPresent() ? path.substring(0, path.lastIndexOf('/')) : path;
    }

    /** The cgroups that the container sees as its own. */
    public List<Cgroup> shown() {
        return delegated.isPresent()
                ? List.of(unified().orElseThrow().below(delegated.get()))
                : cgroups;
    }

    /** Controllers that v2 never has; others that are missing show by their missing files. */
    private static void requireControllers(Hierarchies hierarchies, Resources resources) {
        boolean v1 = hierarchies.unified().isEmpty();
        boolean hybrid = !v1 && !hierarchies.isPureV2();
        RequiredControllers.of(resources)
                .forEach(
                        (controller, field) -> {
                            boolean needed = v1 || hybrid && controller.startsWith("net_");
                            if (needed && hierarchies.of(controller).isEmpty()) {
                                throw Failure.invalid(
                                        field,
                                        "needs the controller "
                                                + controller
                                                + ", which is not mounted here",
                                        "mount it or remove the limit");
                            }
                        });
    }

    /** Returns the controllers of all v1 hierarchies. */
    public Set<String> v1Controllers() {
        Set<String> controllers = new TreeSet<>();
        for (Cgroup cgroup : cgroups) {
            controllers.addAll(cgroup.hierarchy().controllers());
        }
        return controllers;
    }

    /** No cgroup of the container's own: it stays in the caller's. */
    public static CgroupSetup disabled() {
        return new CgroupSetup(
                List.of(),
                Resources.NONE,
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns the cgroup with the v1 controller {@code controller}, or else that of v2. */
    public Optional<Cgroup> controlling(String controller) {
        for (Cgroup cgroup : cgroups) {
            if (cgroup.hierarchy().has(controller)) {
                return Optional.of(cgroup);
            }
        }
        return unified();
    }

    /** Returns whether there is a cgroup, and none but in the v2 hierarchy. */
    public boolean isPureV2() {
        return cgroups.size() == 1 && cgroups.get(0).hierarchy().isUnified();
    }

    /** Returns the v2 cgroup. */
    public Optional<Cgroup> unified() {
        for (Cgroup cgroup : cgroups) {
            if (cgroup.hierarchy().isUnified()) {
                return Optional.of(cgroup);
            }
        }
        return Optional.empty();
    }

    /** Returns the directories, one per hierarchy. */
    public List<String> directories() {
        List<String> directories = new ArrayList<>();
        for (Cgroup cgroup : cgroups) {
            directories.add(cgroup.directory());
        }
        return directories;
    }
}
