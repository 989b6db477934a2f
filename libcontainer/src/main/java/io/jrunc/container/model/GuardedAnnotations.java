// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Strings;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.compile.CompiledFilter;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The annotations of a container that count only if its caller allows them. Whether its groups are
 * kept is also up to a caller that is not the host's root: it has no more than its user has.
 */
public record GuardedAnnotations(Map<String, String> annotations, ProcessSpawner spawner) {
    public GuardedAnnotations {
        annotations = Map.copyOf(annotations);
    }

    private boolean isAllowed(String name) {
        boolean harmless =
                name.equals(CrunAnnotations.KEEP_GROUPS)
                        && (Host.effectiveUid() != 0 || Host.isInUserNamespace());
        return harmless || spawner.allows(name);
    }

    /** Whether the program keeps the caller's supplementary groups. */
    public boolean keepsGroups() {
        String name = CrunAnnotations.KEEP_GROUPS;
        return isHeeded(name) && CrunAnnotations.isOn(annotations, name);
    }

    /** The socket that gets a descriptor of init. */
    public Optional<String> pidfdReceiver() {
        String name = CrunAnnotations.PIDFD_RECEIVER;
        return isHeeded(name) ? CrunAnnotations.path(annotations, name) : Optional.empty();
    }

    /**
     * Returns {@code spec} with what these annotations put in place of parts of it; the same if it
     * is there already.
     */
    public Spec heeded(Spec spec) {
        return filtered(withSystemdHierarchy(spec));
    }

    /**
     * For a systemd of the image that is too old for cgroup v2. No process of the container is in a
     * cgroup of that hierarchy, which the host must have: to mount one that is not there would
     * create it, for the host as well.
     */
    private Spec withSystemdHierarchy(Spec spec) {
        String name = CrunAnnotations.FORCE_CGROUP_V1;
        if (!isHeeded(name)) {
            return spec;
        }
        String path = CrunAnnotations.path(annotations, name).orElseThrow();
        if (!Strings.ofFileIfReadable("/proc/self/cgroup").contains(":name=systemd:")) {
            throw Failure.invalid(
                    CrunAnnotations.field(name),
                    "the host has no v1 hierarchy \"name=systemd\"",
                    "mount one first: mount -t cgroup -o none,name=systemd,xattr cgroup"
                            + " /sys/fs/cgroup/systemd");
        }
        List<Mount> mounts = new ArrayList<>();
        String hierarchy = path + "/systemd";
        for (Mount mount : spec.mounts()) {
            String destination = mount.destination();
            if (!destination.equals(path) && !destination.equals(hierarchy)) {
                mounts.add(mount);
            }
        }
        mounts.add(mount(path, "tmpfs", "mode=755", "size=1024k"));
        mounts.add(mount(hierarchy, "cgroup", "none", "name=systemd", "xattr"));
        return spec.withMounts(mounts);
    }

    private static Mount mount(String destination, String type, String... options) {
        List<String> all = new ArrayList<>(List.of("nosuid", "noexec", "nodev"));
        all.addAll(List.of(options));
        return new Mount(
                destination, Optional.of(type), Optional.of(type), all, List.of(), List.of());
    }

    /**
     * Returns {@code spec} with the filter, or the listener, that these annotations name. A
     * listener in {@code linux.seccomp} stays. {@link Failure} if there is none at all and the
     * filter needs one.
     */
    private Spec filtered(Spec spec) {
        Optional<Seccomp> filter = spec.linux().seccomp();
        if (isHeeded(CrunAnnotations.SECCOMP_BPF_DATA)) {
            String data = annotations.getOrDefault(CrunAnnotations.SECCOMP_BPF_DATA, "");
            requireInstructions(data);
            filter = Optional.of(Seccomp.compiled(data, filter.flatMap(Seccomp::flags)));
            return spec.withSeccomp(filter.get());
        }
        if (filter.isEmpty() || filter.get().listenerPath().isPresent()) {
            return spec;
        }
        if (isHeeded(CrunAnnotations.SECCOMP_RECEIVER)) {
            String path =
                    CrunAnnotations.path(annotations, CrunAnnotations.SECCOMP_RECEIVER)
                            .orElseThrow();
            return spec.withSeccomp(filter.get().withListener(path));
        }
        if (filter.get().notifies()) {
            throw Failure.invalid(
                    "linux.seccomp.listenerPath",
                    "is missing, but SCMP_ACT_NOTIFY needs it",
                    "write the path of the agent's socket, or have ProcessSpawner.allows accept "
                            + CrunAnnotations.SECCOMP_RECEIVER);
        }
        return spec;
    }

    private static void requireInstructions(String base64) {
        try {
            CompiledFilter.read(base64);
        } catch (IllegalArgumentException e) {
            throw Failure.invalid(
                    CrunAnnotations.field(CrunAnnotations.SECCOMP_BPF_DATA),
                    String.valueOf(e.getMessage()),
                    "write the base64 of a compiled filter");
        }
    }

    private boolean isHeeded(String name) {
        return annotations.containsKey(name) && isAllowed(name);
    }

    /** What is there and is not heeded, a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (String name : CrunAnnotations.GUARDED) {
            if (annotations.containsKey(name) && !isAllowed(name)) {
                warnings.add(
                        CrunAnnotations.field(name)
                                + " may come from an image, and takes ProcessSpawner.allows for "
                                + name
                                + ", ignoring");
            }
        }
        return warnings;
    }
}
