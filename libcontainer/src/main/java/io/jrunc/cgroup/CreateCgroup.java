// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.v1.CpusetController;
import io.jrunc.cgroup.v1.DevicesController;
import io.jrunc.cgroup.v1.V1Limits;
import io.jrunc.cgroup.v2.DeviceFilter;
import io.jrunc.cgroup.v2.SubtreeControl;
import io.jrunc.cgroup.v2.V2Limits;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.Set;

/**
 * Creates the container's cgroup in one hierarchy and sets its limits, while it is still empty.
 *
 * @param taken controllers of v1 hierarchies, which a v2 hierarchy beside them does not have
 * @param inUserNamespace whether the runtime is in one, where device rules are set outside
 * @param rootless whether to leave it out, if the caller may not create it and sets no limit
 * @param named whether the specification names it: then it is required
 */
public record CreateCgroup(
        Cgroup cgroup,
        Resources resources,
        Set<String> taken,
        boolean inUserNamespace,
        boolean rootless,
        boolean named)
        implements Step {
    private static final int MODE = 0755;

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "create cgroup " + cgroup.directory();
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    @Override
    public void apply(SetupContext context) {
        try {
            create(context);
        } catch (Failure f) {
            boolean denied = f.is(Errno.EACCES) || f.is(Errno.EPERM) || f.is(Errno.EROFS);
            if (!rootless || !denied) {
                throw f;
            }
            if (named) {
                throw f.during("the caller may not create what linux.cgroupsPath names; remove it");
            }
            if (!RequiredControllers.of(resources).isEmpty()) {
                throw f.during("limits need a cgroup that the caller may write");
            }
        }
    }

    private void create(SetupContext context) {
        Kernel kernel = context.runtime();
        boolean isNew = makeDirectories(kernel, context);
        try (CgroupDir dir = CgroupDir.open(kernel, cgroup.directory())) {
            if (!isNew) {
                refuseProcesses(context);
            }
            refuseFrozen(dir);
            context.cgroups()
                    .directories()
                    .add(cgroup.directory()); // from here on it belongs to this container
            if (cgroup.hierarchy().isUnified()) {
                V2Limits.apply(dir, resources, taken);
                filterDevices(kernel, dir);
                context.cgroups().setUnified(kernel.descriptors().duplicate(dir.descriptor()));
            } else {
                V1Limits.apply(dir, resources, cgroup.hierarchy().controllers());
                if (cgroup.hierarchy().has("devices") && !inUserNamespace) {
                    DevicesController.apply(dir, resources.devices());
                }
                Fd tasks = dir.openFile("tasks", OpenFlag.WRONLY);
                context.cgroups().tasks().add(tasks);
                if (cgroup.hierarchy().has("memory")) {
                    context.cgroups().setMemoryTasks(tasks);
                }
            }
        }
    }

    private void filterDevices(Kernel kernel, CgroupDir dir) {
        if (inUserNamespace || taken.contains("devices")) {
            return;
        }
        try {
            DeviceFilter.apply(kernel, dir, resources.devices());
        } catch (Failure f) {
            if (!rootless || !f.is(Errno.EPERM)) {
                throw f;
            } // without CAP_BPF the container cannot make device nodes either
        }
    }

    /** Returns whether the cgroup was not there before, and so must be empty. */
    private boolean makeDirectories(Kernel kernel, SetupContext context) {
        String root = cgroup.hierarchy().mountPoint();
        String path = cgroup.path();
        try (Fd top = kernel.files().open(root, OpenFlag.DIRECTORY, OpenFlag.PATH)) {
            Set<String> required = RequiredControllers.unified(resources);
            boolean isNew = false;
            int slash = 0;
            while (slash >= 0) {
                slash = path.indexOf('/', slash + 1);
                String part = path.substring(1, slash < 0 ? path.length() : slash);
                if (cgroup.hierarchy().isUnified()) {
                    SubtreeControl.enableBelow(kernel, parentOf(root + "/" + part), required);
                }
                Call made =
                        kernel.directories().mkdir(top, part, MODE).tolerate(Errno.EEXIST).submit();
                isNew = made.error().isEmpty();
                if (isNew) {
                    context.cgroups().madeParents().add(root + "/" + part);
                }
                if (cgroup.hierarchy().has("cpuset")) {
                    CpusetController.inherit(kernel, root, part);
                }
            }
            return isNew;
        }
    }

    private static String parentOf(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    /** Refuses a cgroup in use; the stage is in it already if systemd has made it. */
    private void refuseProcesses(SetupContext context) {
        List<Integer> processes = CgroupRemoval.processes(context.runtime(), cgroup.directory());
        if (!processes.isEmpty() && !context.isStageAlone(processes)) {
            throw Failure.of(
                    Failure.Code.CGROUP_NOT_EMPTY,
                    "container's cgroup is not empty: " + processes.size() + " process(es) found");
        }
    }

    /** Init would stop as soon as it joined, and never answer again. */
    private void refuseFrozen(CgroupDir dir) {
        boolean v2 = cgroup.hierarchy().isUnified();
        // Every v2 cgroup can be frozen, also where the freezer controller is on v1.
        boolean governs = v2 || cgroup.hierarchy().has("freezer");
        if (governs && Freezer.stopsJoining(dir, v2)) {
            throw Failure.of(
                    Failure.Code.CGROUP_FROZEN,
                    "container's cgroup is frozen: thaw "
                            + cgroup.directory()
                            + ", or what is"
                            + " above it");
        }
    }
}
