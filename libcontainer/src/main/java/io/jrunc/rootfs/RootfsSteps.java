package io.jrunc.rootfs;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Propagation;
import io.jrunc.plan.Step;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Mount;
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
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> late = new ArrayList<>();

    private RootfsSteps(Spec spec, String bundle, CgroupSetup cgroups, boolean userNamespace) {
        this.spec = spec;
        this.bundle = bundle;
        this.cgroups = cgroups;
        this.userNamespace = userNamespace;
    }

    /** All steps up to the pivot, and those after it that restrict what was mounted. */
    public static List<Step> of(
            Spec spec, String bundle, CgroupSetup cgroups, boolean userNamespace) {
        return new RootfsSteps(spec, bundle, cgroups, userNamespace).build();
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
        steps.add(new PrepareRoot(rootPath(spec, bundle), propagation, isRecursive(wanted)));
        if (!spec.linux().sysctl().isEmpty()) {
            steps.add(new OpenPrivateProc());
        }
        boolean ownDev = true;
        for (int i = 0; i < spec.mounts().size(); i++) {
            ownDev &= !addMount(i, spec.mounts().get(i));
        }
        if (ownDev) {
            steps.add(new CreateDevices(devices(), userNamespace));
            steps.add(new LinkDevices());
        }
        steps.add(new PivotRoot());
        if (spec.process().isPresent()) {
            steps.add(new MakeDirectory(spec.process().get().cwd()));
        }
        steps.addAll(late);
        boolean readOnly = spec.root().orElseThrow().readonly();
        boolean spread = propagation == Propagation.SHARED || propagation == Propagation.UNBINDABLE;
        if (readOnly || spread) {
            Propagation after = spread ? propagation : null;
            steps.add(new SetRootAttributes(readOnly, after, isRecursive(wanted)));
        }
        if (!spec.linux().sysctl().isEmpty()) {
            steps.add(new WriteSysctls(spec.linux().sysctl()));
        }
        if (!spec.linux().readonlyPaths().isEmpty()) {
            steps.add(new RestrictPaths(spec.linux().readonlyPaths(), false));
        }
        if (!spec.linux().maskedPaths().isEmpty()) {
            steps.add(new RestrictPaths(spec.linux().maskedPaths(), true));
        }
        return steps;
    }

    /** Returns whether the mount is a bind over /dev, which then is not ours to fill. */
    private boolean addMount(int index, Mount mount) {
        MountOptions options = MountOptions.of(mount);
        String field = "mounts[" + index + "]";
        for (MountOptions.Extra extra : options.extras()) {
            throw Failure.unsupported(
                    field + ".options",
                    "\"" + extra.option() + "\" is not supported yet; remove it");
        }
        String destination = plain(mount.destination());
        String type = mount.type().orElse(options.bind() ? "bind" : "");
        if (options.bind()) {
            if (!options.data().isEmpty()) {
                throw Failure.invalid(
                        field + ".options",
                        "\"" + options.data().get(0) + "\" means nothing for a bind mount",
                        "remove it");
            }
            String source = mount.source().orElse("");
            String absolute = source.startsWith("/") ? source : bundle + "/" + source;
            Optional<IdMap> idMap = IdMap.of(field, mount, spec.linux());
            steps.add(new BindMount(index, absolute, destination, options, idMap));
            return destination.equals("/dev");
        }
        if (type.equals("cgroup") || type.equals("cgroup2")) {
            addCgroupMount(index, destination, options);
            return false;
        }
        String source = mount.source().orElse(type);
        MountFileSystem step = new MountFileSystem(index, type, source, destination, options);
        steps.add(step);
        if (step.isLateReadOnly()) {
            late.add(new MakeReadOnly(index, destination));
        }
        return false;
    }

    /** Absolute and without idle slashes and dots; ".." stays, for links decide where it leads. */
    private static String plain(String destination) {
        StringBuilder plain = new StringBuilder();
        for (String name : destination.split("/", -1)) {
            if (!name.isEmpty() && !name.equals(".")) {
                plain.append('/').append(name);
            }
        }
        return plain.toString();
    }

    private void addCgroupMount(int index, String destination, MountOptions options) {
        if (cgroups.cgroups().isEmpty()) {
            return; // without cgroups of its own the container has none to show
        }
        boolean pureV2 =
                cgroups.cgroups().size() == 1 && cgroups.cgroups().get(0).hierarchy().isUnified();
        steps.add(new MountCgroups(index, destination, options, cgroups.cgroups(), pureV2));
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
