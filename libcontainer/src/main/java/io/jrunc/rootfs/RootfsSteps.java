package io.jrunc.rootfs;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.Step;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.RootfsPropagation;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which steps a specification needs to get its file system. Touches nothing. */
public final class RootfsSteps {
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFIFO = 0010000;
    private static final int DEFAULT_MODE = 0666;

    private final Spec spec;
    private final String bundle;
    private final CgroupSetup cgroups;
    private final boolean userNamespace;
    private final boolean noPivot;
    private final List<Step> steps = new ArrayList<>();

    private RootfsSteps(
            Spec spec, String bundle, CgroupSetup cgroups, boolean userNamespace, boolean noPivot) {
        this.spec = spec;
        this.bundle = bundle;
        this.cgroups = cgroups;
        this.userNamespace = userNamespace;
        this.noPivot = noPivot;
    }

    /**
     * All steps up to the pivot, and those after it that restrict what was mounted.
     *
     * @param noPivot whether to move the root instead
     */
    public static List<Step> of(
            Spec spec, String bundle, CgroupSetup cgroups, boolean userNamespace, boolean noPivot) {
        return new RootfsSteps(spec, bundle, cgroups, userNamespace, noPivot).build();
    }

    /** What is wrong with the mounts but can be ignored, a sentence each. */
    public static List<String> warnings(Spec spec, String bundle) {
        return spec.root().isPresent()
                ? MountSteps.warnings(spec, rootPath(spec, bundle))
                : List.of();
    }

    /** The root file system on the host. */
    public static String rootPath(Spec spec, String bundle) {
        String path = spec.root().orElseThrow().path();
        String absolute = path.startsWith("/") ? path : bundle + "/" + path;
        while (absolute.length() > 1 && absolute.endsWith("/")) {
            absolute = absolute.substring(0, absolute.length() - 1);
        }
        return absolute;
    }

    private List<Step> build() {
        RootfsPropagation wanted =
                spec.linux().rootfsPropagation().orElse(RootfsPropagation.RSLAVE);
        Propagation propagation = propagation(wanted);
        if (noPivot && propagation == Propagation.PRIVATE) {
            // The host's mounts stay below: what the host unmounts must be unmounted there, too.
            throw Failure.invalid(
                    "linux.rootfsPropagation",
                    "\"" + wanted.specName() + "\" does not go with --no-pivot",
                    "write \"rslave\", or leave out --no-pivot");
        }
        boolean shared = spec.linux().namespace(NamespaceType.MOUNT).isEmpty();
        String root = rootPath(spec, bundle);
        steps.add(
                shared
                        ? new BindRoot(root)
                        : new PrepareRoot(root, propagation, isRecursive(wanted)));
        if (!spec.linux().sysctl().isEmpty()) {
            steps.add(new OpenPrivateProc());
        }
        MountSteps mounts = new MountSteps(spec, bundle, cgroups);
        steps.addAll(mounts.steps());
        if (!mounts.bindsDev()) {
            steps.add(new CreateDevices(devices(), userNamespace));
            steps.add(new LinkDevices());
        }
        steps.add(new PivotRoot(noPivot, shared));
        if (spec.process().isPresent()) {
            steps.add(new MakeDirectory(spec.process().get().cwd()));
        }
        steps.addAll(mounts.lateSteps());
        if (spec.root().orElseThrow().readonly()) {
            steps.add(new SetRootAttributes(true, null, false));
        }
        if (!spec.linux().sysctl().isEmpty()) {
            steps.add(new WriteSysctls(spec.linux().sysctl()));
        }
        if (!spec.linux().readonlyPaths().isEmpty()) {
            steps.add(new MaskPaths(spec.linux().readonlyPaths(), false, Optional.empty()));
        }
        if (!spec.linux().maskedPaths().isEmpty()) {
            Optional<String> label = spec.linux().mountLabel();
            steps.add(new MaskPaths(spec.linux().maskedPaths(), true, label));
        }
        if (propagation == Propagation.SHARED || propagation == Propagation.UNBINDABLE) {
            // Last: of what is unbindable no part could be made read-only.
            steps.add(new SetRootAttributes(false, propagation, isRecursive(wanted)));
        }
        return steps;
    }

    private List<CreateDevices.Node> devices() {
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

    private static boolean isRecursive(RootfsPropagation wanted) {
        return wanted.specName().startsWith("r");
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
