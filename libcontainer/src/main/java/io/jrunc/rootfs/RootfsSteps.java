// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.Step;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Linux;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.RootfsPropagation;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides how a container gets its file system. */
public final class RootfsSteps {
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFIFO = 0010000;
    private static final int DEFAULT_MODE = 0666;

    private final Spec spec;
    private final Linux linux;
    private final String rootPath;
    private final boolean noPivot;
    private final boolean sharedMounts;
    private final Propagation propagation;
    private final boolean recursive;
    private final MountSteps mounts;

    /**
     * The steps for the file system of {@code spec}.
     *
     * @param noPivot whether to move the root over the host's instead of pivot_root(2)
     */
    public RootfsSteps(Spec spec, String bundle, CgroupSetup cgroups, boolean noPivot) {
        this.spec = spec;
        this.linux = spec.linux();
        this.rootPath = rootPath(spec, bundle);
        this.noPivot = noPivot;
        this.sharedMounts = linux.namespace(NamespaceType.MOUNT).isEmpty();
        RootfsPropagation wanted = linux.rootfsPropagation().orElse(RootfsPropagation.RSLAVE);
        this.propagation = propagation(wanted);
        this.recursive = wanted.specName().startsWith("r");
        if (noPivot && propagation == Propagation.PRIVATE) {
            // The host's mounts stay below: what the host unmounts must be unmounted there, too.
            throw Failure.invalid(
                    "linux.rootfsPropagation",
                    "\"" + wanted.specName() + "\" does not go with CreateOptions.noPivot",
                    "write \"rslave\", or leave out CreateOptions.noPivot");
        }
        this.mounts = new MountSteps(spec, bundle, cgroups);
    }

    /** What is wrong with the mounts but can be ignored, a sentence each. */
    public static List<String> warnings(Spec spec, String bundle) {
        return spec.root().isPresent()
                ? MountSteps.warnings(spec, rootPath(spec, bundle))
                : List.of();
    }

    /** Returns the root file system on the host. */
    public static String rootPath(Spec spec, String bundle) {
        String path = spec.root().orElseThrow().path();
        String absolute = path.startsWith("/") ? path : bundle + "/" + path;
        while (absolute.length() > 1 && absolute.endsWith("/")) {
            absolute = absolute.substring(0, absolute.length() - 1);
        }
        return absolute;
    }

    /**
     * Returns the steps that make the mounts of {@code spec} in a container that runs, one for each
     * mount, in their order.
     */
    public static List<Step> liveMounts(Spec spec, String bundle) {
        return LiveMountCheck.checked(spec, rootPath(spec, bundle))
                ? new MountSteps(spec, bundle, CgroupSetup.disabled()).steps()
                : List.of();
    }

    /** Makes the root a mount of the container's own, without a way back to the host. */
    public Step prepareRoot() {
        return sharedMounts
                ? new BindRoot(rootPath)
                : new PrepareRoot(rootPath, propagation, recursive);
    }

    /** Opens a procfs that the image cannot replace, for the sysctls. */
    public Optional<Step> openPrivateProc() {
        return !linux.sysctl().isEmpty() ? Optional.of(new OpenPrivateProc()) : Optional.empty();
    }

    /** Makes the mounts in the order of the specification. */
    public List<Step> mounts() {
        return mounts.steps();
    }

    /** Creates or binds the devices, unless a bind over /dev brings its own. */
    public List<Step> devices() {
        if (mounts.bindsDev()) {
            return List.of();
        }
        boolean userNamespace = linux.creates(NamespaceType.USER);
        return List.of(new CreateDevices(nodes(), userNamespace), new LinkDevices());
    }

    /** Makes the new root the root. */
    public Step pivot() {
        return new PivotRoot(noPivot, sharedMounts);
    }

    /** Makes the working directory, if the image has none. */
    public Optional<Step> workingDirectory() {
        return spec.process().map(process -> new MakeDirectory(process.cwd()));
    }

    /** Makes read-only what had to be written to until now. */
    public List<Step> lateMounts() {
        return mounts.lateSteps();
    }

    /** Makes the root read-only. */
    public Optional<Step> readOnlyRoot() {
        return spec.root().orElseThrow().readonly()
                ? Optional.of(new SetRootAttributes(true, Optional.empty(), false))
                : Optional.empty();
    }

    /** Sets the sysctls. */
    public Optional<Step> sysctls() {
        return !linux.sysctl().isEmpty()
                ? Optional.of(new WriteSysctls(linux.sysctl()))
                : Optional.empty();
    }

    /** Makes paths read-only, as {@code linux.readonlyPaths} says. */
    public Optional<Step> readonlyPaths() {
        List<String> paths = linux.readonlyPaths();
        return !paths.isEmpty()
                ? Optional.of(new MaskPaths(paths, false, Optional.empty()))
                : Optional.empty();
    }

    /** Hides paths, as {@code linux.maskedPaths} says. */
    public Optional<Step> maskedPaths() {
        List<String> paths = linux.maskedPaths();
        return !paths.isEmpty()
                ? Optional.of(new MaskPaths(paths, true, linux.mountLabel()))
                : Optional.empty();
    }

    /** Sets a propagation that would have got in the way of the mounts. */
    public Optional<Step> propagation() {
        boolean late = propagation == Propagation.SHARED || propagation == Propagation.UNBINDABLE;
        return late
                ? Optional.of(new SetRootAttributes(false, Optional.of(propagation), recursive))
                : Optional.empty();
    }

    private List<CreateDevices.Node> nodes() {
        List<CreateDevices.Node> nodes = new ArrayList<>();
        nodes.add(CreateDevices.standard("null", 1, 3));
        nodes.add(CreateDevices.standard("zero", 1, 5));
        nodes.add(CreateDevices.standard("full", 1, 7));
        nodes.add(CreateDevices.standard("random", 1, 8));
        nodes.add(CreateDevices.standard("urandom", 1, 9));
        nodes.add(CreateDevices.standard("tty", 5, 0));
        List<Device> wanted = spec.linux().devices();
        for (int i = 0; i < wanted.size(); i++) {
            CreateDevices.Node node = node(wanted.get(i), "linux.devices[" + i + "]");
            // A specification may describe a default device again, with other permissions.
            nodes.removeIf(standard -> standard.path().equals(node.path()));
            if (!node.path().equals("/dev/ptmx")) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    private static CreateDevices.Node node(Device device, String field) {
        DeviceType type = device.type();
        int typeBits =
                type == DeviceType.BLOCK ? S_IFBLK : type == DeviceType.FIFO ? S_IFIFO : S_IFCHR;
        int permissions = device.fileMode().orElse(DEFAULT_MODE) & 07777;
        return new CreateDevices.Node(
                device.path(),
                typeBits | permissions,
                device.major().orElse(0),
                device.minor().orElse(0),
                device.uid().orElse(0),
                device.gid().orElse(0),
                field);
    }

    private static Propagation propagation(RootfsPropagation wanted) {
        return switch (wanted) {
            case SHARED, RSHARED -> Propagation.SHARED;
            case SLAVE, RSLAVE -> Propagation.SLAVE;
            case PRIVATE, RPRIVATE -> Propagation.PRIVATE;
            case UNBINDABLE, RUNBINDABLE -> Propagation.UNBINDABLE;
        };
    }
}
