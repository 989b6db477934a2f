// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.checkpoint.CriuOptions;
import io.jrunc.checkpoint.ExternalMounts;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What criu(8) needs of the host's files to restore a container: its mount points in the root file
 * system, and what takes the places of the host's mounts that the image names.
 */
record RestoreMounts(
        Kernel kernel,
        SetupContext.Spawner spawner,
        Spec spec,
        State state,
        CgroupSetup cgroups,
        List<String> cgroupDirectories) {
    /** Those that every container has. */
    private static final List<String> DEVICES =
            List.of(
                    "/dev/null",
                    "/dev/zero",
                    "/dev/full",
                    "/dev/random",
                    "/dev/urandom",
                    "/dev/tty");

    /** Where criu moves the former root for a moment; without it, it makes a directory there. */
    private static final String FORMER_ROOT = "tmp";

    private static final int DIRECTORY_MODE = 0755;

    /**
     * Makes all mounts of the container, as create does, in a mount namespace that ends at once.
     * Their mount points remain, and what they show is known: also below recursive binds.
     */
    void name(CriuOptions request, String stateDirectory) {
        Set<String> devices = new TreeSet<>(DEVICES);
        for (ExternalMounts.External mount : make()) {
            switch (mount.kind()) {
                case BIND -> request.externalMount(mount.key(), source(mount));
                case CGROUP -> request.externalMount(mount.key(), cgroup(mount));
                case DEVICE -> devices.add(mount.key());
            }
        }
        // In images of runc, /dev/null is also what masked files are.
        spec.linux().devices().forEach(device -> devices.add(device.path()));
        devices.forEach(device -> request.externalMount(device, device));
        request.externalMount(
                ReadinessSocket.INSIDE, stateDirectory + "/" + StateDirectory.NOTIFY_DIRECTORY);
    }

    private List<ExternalMounts.External> make() {
        SetupContext context = new SetupContext(kernel, spawner);
        try {
            context.startStage();
            context.stage().processes().unshare(Set.of(CloneFlag.NEWNS));
            context.setInit(context.stage(), context.stagePid());
            context.cgroups().directories().addAll(cgroupDirectories);
            RootfsSteps rootfs = new RootfsSteps(spec, state.bundle(), cgroups, false);
            Plan.Recipe recipe = new Plan.Recipe();
            recipe.add(Phase.MOUNTS, rootfs.prepareRoot());
            recipe.add(Phase.MOUNTS, rootfs.mounts());
            recipe.add(Phase.MOUNTS, rootfs.devices());
            recipe.build().play(context, CreateOptions.UNWATCHED);
            List<ExternalMounts.External> found =
                    ExternalMounts.of(kernel, spec, context.stagePid(), realRoot());
            context.endStage();
            return found;
        } catch (RuntimeException f) {
            throw context.rollback().undo(f);
        }
    }

    /** Returns the path of the root file system without symbolic links. */
    String realRoot() {
        return real(state.rootfs());
    }

    private String real(String path) {
        Files files = kernel.files();
        try (Fd found = files.open(path, OpenFlag.PATH)) {
            return files.directories().readLink(files.here(), "/proc/self/fd/" + found.number());
        }
    }

    private String source(ExternalMounts.External external) {
        Mount mount = external.mount().orElseThrow();
        String source = mount.source().orElse("");
        String absolute = source.startsWith("/") ? source : state.bundle() + "/" + source;
        return real(absolute) + external.below();
    }

    private String cgroup(ExternalMounts.External external) {
        String path = external.path();
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean unified = external.info().type().equals("cgroup2");
        for (Cgroup cgroup : cgroups.shown()) {
            boolean same =
                    unified
                            ? cgroup.hierarchy().isUnified()
                            : cgroup.hierarchy().directoryName().equals(name);
            if (same) {
                boolean whole = external.info().root().equals("/");
                return whole ? cgroup.hierarchy().mountPoint() : cgroup.directory();
            }
        }
        return path;
    }

    /**
     * Gives criu a mount namespace of its own, where the root file system is a mount, as it needs:
     * nothing of it is left on the host when it ends. Criu does not restore whether it is
     * read-only.
     */
    static void enter(Kernel process, String root, boolean readOnly) {
        process.processes().unshare(Set.of(CloneFlag.NEWNS));
        try (Fd hostRoot = process.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            process.mounts().setPropagation(hostRoot, Propagation.SLAVE, true);
        }
        try (Fd target = process.files().open(root, OpenFlag.PATH, OpenFlag.DIRECTORY);
                Fd tree = process.mounts().cloneTree(target, "", true, true)) {
            process.mounts().attach(tree, target);
            if (readOnly) {
                process.directories()
                        .mkdir(target, FORMER_ROOT, DIRECTORY_MODE)
                        .tolerateAll()
                        .submit();
                Set<MountAttr> set = Set.of(MountAttr.RDONLY);
                process.mounts().setAttributes(tree, false, set, Set.of()).submit();
            }
            process.flush();
        }
    }
}
