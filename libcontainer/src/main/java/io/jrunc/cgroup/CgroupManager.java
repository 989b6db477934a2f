// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides where the cgroups of a container are, and which limits they get: those of its bundle. */
public interface CgroupManager {
    /** Returns the cgroups of container {@code id}; nothing is created yet. */
    CgroupSetup place(Hierarchies hierarchies, Linux linux, String id);

    /** As the other method, with the cgroups below that annotations ask for. */
    default CgroupSetup place(Hierarchies hierarchies, Spec spec, String id) {
        return place(hierarchies, spec.linux(), id).annotated(spec);
    }

    /**
     * Returns the one that makes directories in the cgroup file systems.
     *
     * @param inUserNamespace whether this process is in another user namespace than the host's
     *     first, so that what devices a container may use is decided outside
     * @param rootless whether cgroups that the caller may not create are done without
     */
    static CgroupManager cgroupfs(boolean inUserNamespace, boolean rootless) {
        return (hierarchies, linux, id) ->
                CgroupSetup.of(
                        hierarchies,
                        linux.cgroupsPath(),
                        id,
                        linux.resources(),
                        inUserNamespace,
                        rootless);
    }

    /** Returns the one that has systemd make a unit per container. */
    static CgroupManager systemd(boolean inUserNamespace, SystemdManager manager) {
        return (hierarchies, linux, id) ->
                CgroupSetup.bySystemd(
                        hierarchies,
                        linux.cgroupsPath(),
                        id,
                        linux.resources(),
                        inUserNamespace,
                        manager);
    }

    /**
     * Returns the one that makes none: containers stay in the caller's cgroups, and can have no
     * limits.
     */
    static CgroupManager disabled() {
        return (hierarchies, linux, id) -> {
            requireNoLimit(linux.resources());
            return CgroupSetup.disabled();
        };
    }

    private static void requireNoLimit(Resources resources) {
        Map<String, String> required = new TreeMap<>(RequiredControllers.of(resources));
        Optional<String> field = required.values().stream().findFirst();
        if (field.isEmpty() && !resources.unified().isEmpty()) {
            field = Optional.of("linux.resources.unified");
        }
        if (field.isPresent()) {
            throw Failure.invalid(
                    field.get(),
                    "needs a cgroup, and the cgroup manager \"disabled\" makes none",
                    "remove the limit, or choose another manager");
        }
    }
}
