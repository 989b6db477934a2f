package io.jrunc.spec;

import io.jrunc.seccomp.Seccomp;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code linux}: what only Linux knows. Source: runtime-spec config-linux.md.
 *
 * @param uidMappings of a new user namespace
 * @param gidMappings of a new user namespace
 * @param sysctl names below {@code /proc/sys}, with dots or slashes, to their values
 * @param cgroupsPath a path below the cgroup hierarchies, or {@code slice:prefix:name} for systemd;
 *     absent lets the runtime choose
 * @param namespaces to create or to join; others are the runtime's own
 * @param devices nodes to create beside the default ones
 * @param netDevices network devices of the host, by name, to move into the container
 * @param seccomp absent filters nothing
 * @param rootfsPropagation of the container's root mount; absent leaves the choice to the runtime
 * @param maskedPaths absolute, in the container, made unreadable
 * @param readonlyPaths absolute, in the container, made read-only
 * @param mountLabel the SELinux context of the container's mounts; absent sets none
 * @param intelRdt absent leaves the resctrl groups alone
 * @param memoryPolicy absent leaves the inherited policy
 * @param personality absent leaves the execution domain
 * @param timeOffsets of a new time namespace
 */
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        Resources resources,
        Optional<String> cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Map<String, NetDevice> netDevices,
        Optional<Seccomp> seccomp,
        Optional<RootfsPropagation> rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        Optional<String> mountLabel,
        Optional<IntelRdt> intelRdt,
        Optional<MemoryPolicy> memoryPolicy,
        Optional<Personality> personality,
        Map<Clock, TimeOffset> timeOffsets) {
    /** Nothing is asked for. */
    public static final Linux NONE =
            new Linux(
                    List.of(),
                    List.of(),
                    Map.of(),
                    Resources.NONE,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());

    public Linux {
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        sysctl = Copies.map(sysctl);
        namespaces = List.copyOf(namespaces);
        devices = List.copyOf(devices);
        netDevices = Copies.map(netDevices);
        maskedPaths = List.copyOf(maskedPaths);
        readonlyPaths = List.copyOf(readonlyPaths);
        timeOffsets = Copies.map(timeOffsets);
    }

    /** The same with another context for mounts. */
    Linux withMountLabel(String label) {
        return new Linux(
                uidMappings,
                gidMappings,
                sysctl,
                resources,
                cgroupsPath,
                namespaces,
                devices,
                netDevices,
                seccomp,
                rootfsPropagation,
                maskedPaths,
                readonlyPaths,
                Optional.of(label),
                intelRdt,
                memoryPolicy,
                personality,
                timeOffsets);
    }

    /** The same with a filter of system calls. */
    Linux withSeccomp(Seccomp filter) {
        return new Linux(
                uidMappings,
                gidMappings,
                sysctl,
                resources,
                cgroupsPath,
                namespaces,
                devices,
                netDevices,
                Optional.of(filter),
                rootfsPropagation,
                maskedPaths,
                readonlyPaths,
                mountLabel,
                intelRdt,
                memoryPolicy,
                personality,
                timeOffsets);
    }

    /** The first entry for {@code type}, created or joined; absent if it is the runtime's own. */
    public Optional<Namespace> namespace(NamespaceType type) {
        for (Namespace namespace : namespaces) {
            if (namespace.type() == type) {
                return Optional.of(namespace);
            }
        }
        return Optional.empty();
    }

    /** Whether the container gets a new namespace of {@code type}. */
    public boolean creates(NamespaceType type) {
        Optional<Namespace> namespace = namespace(type);
        return namespace.isPresent() && namespace.get().path().isEmpty();
    }
}
