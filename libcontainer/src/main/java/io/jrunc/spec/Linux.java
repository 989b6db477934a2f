// SPDX-License-Identifier: Apache-2.0
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
    public static final Linux NONE = new Builder().build();

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

    /** Returns the same with another context for mounts. */
    Linux withMountLabel(String label) {
        return new Builder(this).mountLabel(Optional.of(label)).build();
    }

    /** Returns the same with a filter of system calls. */
    Linux withSeccomp(Seccomp filter) {
        return new Builder(this).seccomp(Optional.of(filter)).build();
    }

    /**
     * Returns the first entry for {@code type}, created or joined; absent if it is the runtime's
     * own.
     */
    public Optional<Namespace> namespace(NamespaceType type) {
        for (Namespace namespace : namespaces) {
            if (namespace.type() == type) {
                return Optional.of(namespace);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the container gets a new namespace of {@code type}. */
    public boolean creates(NamespaceType type) {
        Optional<Namespace> namespace = namespace(type);
        return namespace.isPresent() && namespace.get().path().isEmpty();
    }

    /** Makes one from named parts; what is not named is absent. */
    public static final class Builder {
        private List<IdMapping> uidMappings = List.of();
        private List<IdMapping> gidMappings = List.of();
        private Map<String, String> sysctl = Map.of();
        private Resources resources = Resources.NONE;
        private Optional<String> cgroupsPath = Optional.empty();
        private List<Namespace> namespaces = List.of();
        private List<Device> devices = List.of();
        private Map<String, NetDevice> netDevices = Map.of();
        private Optional<Seccomp> seccomp = Optional.empty();
        private Optional<RootfsPropagation> rootfsPropagation = Optional.empty();
        private List<String> maskedPaths = List.of();
        private List<String> readonlyPaths = List.of();
        private Optional<String> mountLabel = Optional.empty();
        private Optional<IntelRdt> intelRdt = Optional.empty();
        private Optional<MemoryPolicy> memoryPolicy = Optional.empty();
        private Optional<Personality> personality = Optional.empty();
        private Map<Clock, TimeOffset> timeOffsets = Map.of();

        /** Begins with all parts absent. */
        public Builder() {}

        /** Begins with the parts of {@code linux}. */
        public Builder(Linux linux) {
            this.uidMappings = linux.uidMappings;
            this.gidMappings = linux.gidMappings;
            this.sysctl = linux.sysctl;
            this.resources = linux.resources;
            this.cgroupsPath = linux.cgroupsPath;
            this.namespaces = linux.namespaces;
            this.devices = linux.devices;
            this.netDevices = linux.netDevices;
            this.seccomp = linux.seccomp;
            this.rootfsPropagation = linux.rootfsPropagation;
            this.maskedPaths = linux.maskedPaths;
            this.readonlyPaths = linux.readonlyPaths;
            this.mountLabel = linux.mountLabel;
            this.intelRdt = linux.intelRdt;
            this.memoryPolicy = linux.memoryPolicy;
            this.personality = linux.personality;
            this.timeOffsets = linux.timeOffsets;
        }

        public Builder uidMappings(List<IdMapping> uidMappings) {
            this.uidMappings = uidMappings;
            return this;
        }

        public Builder gidMappings(List<IdMapping> gidMappings) {
            this.gidMappings = gidMappings;
            return this;
        }

        public Builder sysctl(Map<String, String> sysctl) {
            this.sysctl = sysctl;
            return this;
        }

        public Builder resources(Resources resources) {
            this.resources = resources;
            return this;
        }

        public Builder cgroupsPath(Optional<String> cgroupsPath) {
            this.cgroupsPath = cgroupsPath;
            return this;
        }

        public Builder namespaces(List<Namespace> namespaces) {
            this.namespaces = namespaces;
            return this;
        }

        public Builder devices(List<Device> devices) {
            this.devices = devices;
            return this;
        }

        public Builder netDevices(Map<String, NetDevice> netDevices) {
            this.netDevices = netDevices;
            return this;
        }

        public Builder seccomp(Optional<Seccomp> seccomp) {
            this.seccomp = seccomp;
            return this;
        }

        public Builder rootfsPropagation(Optional<RootfsPropagation> rootfsPropagation) {
            this.rootfsPropagation = rootfsPropagation;
            return this;
        }

        public Builder maskedPaths(List<String> maskedPaths) {
            this.maskedPaths = maskedPaths;
            return this;
        }

        public Builder readonlyPaths(List<String> readonlyPaths) {
            this.readonlyPaths = readonlyPaths;
            return this;
        }

        public Builder mountLabel(Optional<String> mountLabel) {
            this.mountLabel = mountLabel;
            return this;
        }

        public Builder intelRdt(Optional<IntelRdt> intelRdt) {
            this.intelRdt = intelRdt;
            return this;
        }

        public Builder memoryPolicy(Optional<MemoryPolicy> memoryPolicy) {
            this.memoryPolicy = memoryPolicy;
            return this;
        }

        public Builder personality(Optional<Personality> personality) {
            this.personality = personality;
            return this;
        }

        public Builder timeOffsets(Map<Clock, TimeOffset> timeOffsets) {
            this.timeOffsets = timeOffsets;
            return this;
        }

        public Linux build() {
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
                    mountLabel,
                    intelRdt,
                    memoryPolicy,
                    personality,
                    timeOffsets);
        }
    }
}
