// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.Failure;
import io.jrunc.linux.MountAttr;
import io.jrunc.setup.Step;
import io.jrunc.spec.Mount;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides how {@code mounts} are made, in their order. Touches nothing. */
final class MountSteps {
    /**
     * What the whole hierarchy was mounted with counts; a part of it is shown. Source: kernel
     * documentation, cgroup-v2, "Mounting"; cgroups(7).
     */
    private static final Set<String> CGROUP_OPTIONS =
            Set.of(
                    "nsdelegate",
                    "favordynmods",
                    "nofavordynmods",
                    "memory_localevents",
                    "memory_recursiveprot",
                    "memory_hugetlb_accounting",
                    "pids_localevents",
                    "xattr",
                    "noprefix",
                    "cpuset_v2_mode");

    private static final String DEV = "/dev";

    private final Spec spec;
    private final String bundle;
    private final String root;
    private final CgroupSetup cgroups;
    private final List<Step> steps = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private boolean bindsDev;

    /** A step to take once devices and mount points are in what was mounted at a destination. */
    private record Late(String destination, Step step) {}

    MountSteps(Spec spec, String bundle, CgroupSetup cgroups) {
        this.spec = spec;
        this.bundle = bundle;
        this.root = RootfsSteps.rootPath(spec, bundle);
        this.cgroups = cgroups;
        for (int i = 0; i < spec.mounts().size(); i++) {
            add(i, spec.mounts().get(i));
        }
    }

    /** Returns what is done before the pivot. */
    List<Step> steps() {
        return steps;
    }

    /** Returns what is done after it. */
    List<Step> lateSteps() {
        List<Step> last = new ArrayList<>();
        for (Late one : late) {
            last.add(one.step);
        }
        return last;
    }

    /** Returns whether there is a bind over /dev, which then is not ours to fill. */
    boolean bindsDev() {
        return bindsDev;
    }

    private void add(int index, Mount mount) {
        MountOptions options = MountOptions.of(mount);
        String destination = inside(mount.destination(), root);
        String type = mount.type().orElse("");
        if (options.has(MountOptions.Extra.REMOUNT)) {
            remount(new Remount(index, destination, options));
            return;
        }
        // What lies on top of it now is another mount, to be left as it is.
        late.removeIf(one -> one.destination.equals(destination));
        if (options.bind()) {
            bind(index, mount, destination, options);
        } else if (type.equals("cgroup2") || type.equals("cgroup") && !isNamed(options)) {
            cgroups(index, type, destination, options);
        } else if (type.isEmpty()) {
            throw Failure.invalid(
                    "mounts[" + index + "].type",
                    "is missing, but only a bind mount needs none",
                    "write for example \"tmpfs\", or add \"bind\" to options");
        } else {
            String source = mount.source().orElse(type);
            MountFileSystem step =
                    new MountFileSystem(
                            index,
                            type,
                            source,
                            destination,
                            labelled(type, options),
                            rootLabel(type));
            steps.add(step);
            if (step.isLateReadOnly()) {
                late.add(new Late(destination, new MakeReadOnly(index, destination)));
            }
        }
    }

    /** A single v1 hierarchy without controllers, and not the container's cgroups. cgroups(7). */
    private static boolean isNamed(MountOptions options) {
        return FileSystemOptions.has(options, "name");
    }

    private MountOptions labelled(String type, MountOptions options) {
        Optional<String> label = spec.linux().mountLabel();
        return label.isPresent()
                ? MountContext.in(options, type, MountContext.kind(spec.annotations()), label.get())
                : options;
    }

    private Optional<String> rootLabel(String type) {
        Optional<String> label = spec.linux().mountLabel();
        return label.isPresent() && MountContext.isForRootAlone(type) ? label : Optional.empty();
    }

    private void remount(Remount step) {
        boolean readOnly = step.options().readOnly();
        if (readOnly || step.options().clear().contains(MountAttr.RDONLY)) {
            late.removeIf(one -> one.destination.equals(step.destination()));
        }
        if (readOnly && step.destination().equals(DEV)) {
            late.add(new Late(DEV, step));
        } else {
            steps.add(step);
        }
    }

    private void bind(int index, Mount mount, String destination, MountOptions options) {
        String field = "mounts[" + index + "]";
        if (!options.data().isEmpty()) {
            throw Failure.invalid(
                    field + ".options",
                    "\"" + options.data().get(0) + "\" means nothing for a bind mount",
                    "remove it");
        }
        String source = mount.source().orElse("");
        String absolute = source.startsWith("/") ? source : bundle + "/" + source;
        IdMap container = new IdMap(spec.linux().uidMappings(), spec.linux().gidMappings(), false);
        Optional<IdMap> idMap = IdMap.of(field, mount, container);
        steps.add(new BindMount(index, absolute, destination, options, idMap));
        bindsDev |= destination.equals(DEV);
    }

    private void cgroups(int index, String type, String destination, MountOptions options) {
        for (String option : options.data()) {
            if (!CGROUP_OPTIONS.contains(option)) {
                throw Failure.invalid(
                        "mounts[" + index + "].options",
                        "\"" + option + "\" means nothing for a cgroup mount",
                        "remove it");
            }
        }
        if (cgroups.cgroups().isEmpty()) {
            return; // without cgroups of its own the container has none to show
        }
        MountOptions labelled = labelled("cgroup", options);
        boolean unified = type.equals("cgroup2");
        if (unified && cgroups.unified().isEmpty()) {
            throw Failure.invalid(
                    "mounts[" + index + "].type",
                    "\"cgroup2\", but this host has mounted no v2 hierarchy",
                    "write \"cgroup\"");
        }
        List<Cgroup> shown =
                unified && !cgroups.isPureV2()
                        ? List.of(cgroups.unified().orElseThrow())
                        : cgroups.shown();
        steps.add(
                new MountCgroups(
                        index,
                        destination,
                        labelled,
                        shown,
                        unified || cgroups.isPureV2(),
                        (unified || cgroups.isPureV2()) && seesAll()));
    }

    /** Root of a user namespace may own cgroups of the caller's: CVE-2023-25809. */
    private boolean seesAll() {
        return spec.linux().namespace(NamespaceType.CGROUP).isEmpty()
                && spec.linux().namespace(NamespaceType.USER).isEmpty()
                && !cgroups.inUserNamespace()
                && !cgroups.rootless();
    }

    /** As {@link #plain}, below the container's root, also if it begins with the path of that. */
    static String inside(String destination, String root) {
        String plain = plain(destination);
        return beginsWithRoot(plain, root) ? plain.substring(root.length()) : plain;
    }

    private static boolean beginsWithRoot(String plain, String root) {
        return plain.startsWith(root + "/") && !root.equals("/");
    }

    /** Returns what is odd about the destinations, a sentence each. */
    static List<String> warnings(Spec spec, String root) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < spec.mounts().size(); i++) {
            String plain = plain(spec.mounts().get(i).destination());
            if (beginsWithRoot(plain, root)) {
                warnings.add(
                        "mounts["
                                + i
                                + "].destination: \""
                                + plain
                                + "\" begins with the root file system's own path, falling back to"
                                + " \""
                                + plain.substring(root.length())
                                + "\"");
            }
        }
        return warnings;
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
}
