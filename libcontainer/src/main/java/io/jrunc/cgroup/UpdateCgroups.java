// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.v1.DevicesController;
import io.jrunc.cgroup.v1.V1Limits;
import io.jrunc.cgroup.v2.DeviceFilter;
import io.jrunc.cgroup.v2.MemoryUse;
import io.jrunc.cgroup.v2.SubtreeControl;
import io.jrunc.cgroup.v2.V2Limits;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes the limits of cgroups that exist.
 *
 * @param cgroups directories by v1 controller, "" for v2
 */
public record UpdateCgroups(Kernel kernel, Hierarchies hierarchies, Map<String, String> cgroups) {
    /**
     * Returns the v2 files that hold the limits, those of {@code linux.resources.unified} left out.
     */
    public static Set<String> files(Resources resources) {
        return V2Limits.files(resources);
    }

    /**
     * Sets all of {@code resources}.
     *
     * @param devices whether its rules about devices are new
     */
    public void apply(Resources resources, boolean devices) {
        Set<String> v1Controllers = v1Controllers();
        cgroups.forEach(
                (key, directory) -> {
                    try (CgroupDir dir = CgroupDir.open(kernel, directory)) {
                        if (key.isEmpty()) {
                            enable(directory, resources);
                            v2(dir, resources, devices, v1Controllers);
                        } else {
                            v1(
                                    dir,
                                    resources,
                                    devices,
                                    hierarchies.of(key).orElseThrow().controllers());
                        }
                    }
                });
    }

    /** Create has enabled no more than was asked for then. */
    private void enable(String directory, Resources resources) {
        String top = hierarchies.unified().orElseThrow().mountPoint();
        Set<String> required = RequiredControllers.unified(resources);
        if (directory.startsWith(top + "/")) {
            int slash = top.length();
            while (slash >= 0) {
                SubtreeControl.enableBelow(kernel, directory.substring(0, slash), required);
                slash = directory.indexOf('/', slash + 1);
            }
        }
    }

    private Set<String> v1Controllers() {
        Set<String> v1Controllers = new TreeSet<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            v1Controllers.addAll(hierarchy.controllers());
        }
        return v1Controllers;
    }

    private static void v1(
            CgroupDir dir, Resources resources, boolean devices, List<String> controllers) {
        V1Limits.apply(dir, resources, controllers);
        if (devices && controllers.contains("devices")) {
            DevicesController.update(dir, resources.devices());
        }
    }

    private void v2(CgroupDir dir, Resources resources, boolean devices, Set<String> taken) {
        V2Limits.apply(dir, resources, taken);
        if (devices && !taken.contains("devices")) {
            DeviceFilter.update(kernel, dir, resources.devices());
        }
    }

    /** Refuses invalid changes, before systemd gets them: it would write the same values. */
    public void check(Resources resources) {
        require();
        String unified = cgroups.getOrDefault("", "");
        if (resources.memory().checkBeforeUpdate().orElse(false)
                && !unified.isEmpty()
                && !v1Controllers().contains("memory")) {
            try (CgroupDir dir = CgroupDir.open(kernel, unified)) {
                MemoryUse.refuseBelow(dir, resources.memory());
            }
        }
    }

    /** The container's cgroups must be there, or nothing could be changed. */
    private void require() {
        for (String directory : cgroups.values()) {
            if (kernel.files().exists(directory)) {
                return;
            }
        }
        throw Failure.of(
                Failure.Code.CGROUP, "the container has no cgroup, so it has no limits to change");
    }
}
