// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.spec.Clock;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.Linux;
import io.jrunc.spec.MemoryPolicy;
import io.jrunc.spec.MemoryPolicyFlag;
import io.jrunc.spec.MemoryPolicyMode;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.NetDevice;
import io.jrunc.spec.Personality;
import io.jrunc.spec.PersonalityDomain;
import io.jrunc.spec.Ranges;
import io.jrunc.spec.RootfsPropagation;
import io.jrunc.spec.TimeOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code linux}, but for {@code resources} and {@code seccomp}. */
final class LinuxReader {
    private LinuxReader() {}

    static Linux linux(Fields f) {
        if (f.names().isEmpty()) {
            return Linux.NONE;
        }
        return new Linux.Builder()
                .uidMappings(idMappings(f, "uidMappings"))
                .gidMappings(idMappings(f, "gidMappings"))
                .sysctl(f.stringMap("sysctl"))
                .resources(ResourcesReader.resources(f.object("resources")))
                .cgroupsPath(f.optionalString("cgroupsPath"))
                .namespaces(namespaces(f))
                .devices(devices(f))
                .netDevices(netDevices(f))
                .seccomp(
                        f.has("seccomp")
                                ? SeccompReader.seccomp(f.object("seccomp"))
                                : Optional.empty())
                .rootfsPropagation(
                        f.optionalWord(
                                "rootfsPropagation",
                                RootfsPropagation.values(),
                                "a mount propagation"))
                .maskedPaths(f.strings("maskedPaths"))
                .readonlyPaths(f.strings("readonlyPaths"))
                .mountLabel(f.optionalString("mountLabel"))
                .intelRdt(
                        f.has("intelRdt")
                                ? Optional.of(intelRdt(f.object("intelRdt")))
                                : Optional.empty())
                .memoryPolicy(
                        f.has("memoryPolicy")
                                ? Optional.of(memoryPolicy(f.object("memoryPolicy")))
                                : Optional.empty())
                .personality(
                        f.has("personality")
                                ? Optional.of(personality(f.object("personality")))
                                : Optional.empty())
                .timeOffsets(timeOffsets(f))
                .build();
    }

    static List<IdMapping> idMappings(Fields parent, String name) {
        List<IdMapping> mappings = new ArrayList<>();
        for (Fields f : parent.objects(name)) {
            mappings.add(
                    new IdMapping(
                            f.integer("containerID", 0, Ranges.UINT32_MAX),
                            f.integer("hostID", 0, Ranges.UINT32_MAX),
                            f.integer("size", 1, Ranges.UINT32_MAX)));
        }
        return mappings;
    }

    private static List<Namespace> namespaces(Fields linux) {
        List<Namespace> namespaces = new ArrayList<>();
        for (Fields f : linux.objects("namespaces")) {
            namespaces.add(
                    new Namespace(
                            f.word("type", NamespaceType.values(), "a namespace"),
                            f.optionalString("path")));
        }
        return namespaces;
    }

    private static List<Device> devices(Fields linux) {
        List<Device> devices = new ArrayList<>();
        for (Fields f : linux.objects("devices")) {
            devices.add(
                    new Device(
                            f.string("path"),
                            f.word("type", DeviceType.values(), "a kind of device"),
                            f.optionalInt("major", 0, Ranges.MAJOR_MAX),
                            f.optionalInt("minor", 0, Ranges.MINOR_MAX),
                            f.optionalInt("fileMode", 0, Integer.MAX_VALUE),
                            f.optionalLong("uid", 0, Ranges.UINT32_MAX),
                            f.optionalLong("gid", 0, Ranges.UINT32_MAX)));
        }
        return devices;
    }

    private static Map<String, NetDevice> netDevices(Fields linux) {
        Map<String, NetDevice> devices = new LinkedHashMap<>();
        for (Map.Entry<String, Fields> entry : linux.objectMap("netDevices").entrySet()) {
            devices.put(entry.getKey(), new NetDevice(entry.getValue().optionalString("name")));
        }
        return devices;
    }

    private static IntelRdt intelRdt(Fields f) {
        return new IntelRdt(
                f.optionalString("closID"),
                f.strings("schemata"),
                f.optionalString("l3CacheSchema"),
                f.optionalString("memBwSchema"),
                f.bool("enableMonitoring"));
    }

    private static MemoryPolicy memoryPolicy(Fields f) {
        return new MemoryPolicy(
                f.word("mode", MemoryPolicyMode.values(), "a memory policy"),
                f.optionalString("nodes"),
                f.words("flags", MemoryPolicyFlag.values(), "a memory policy flag"));
    }

    private static Personality personality(Fields f) {
        return new Personality(
                f.word("domain", PersonalityDomain.values(), "an execution domain"),
                f.strings("flags"));
    }

    private static Map<Clock, TimeOffset> timeOffsets(Fields linux) {
        Map<Clock, TimeOffset> offsets = new EnumMap<>(Clock.class);
        for (Map.Entry<String, Fields> entry : linux.objectMap("timeOffsets").entrySet()) {
            Clock clock =
                    Fields.asWord(
                            linux.path("timeOffsets"), entry.getKey(), Clock.values(), "a clock");
            Fields f = entry.getValue();
            offsets.put(
                    clock,
                    new TimeOffset(
                            f.optionalLong("secs", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0),
                            f.optionalLong("nanosecs", 0, TimeOffset.NANOS_MAX).orElse(0)));
        }
        return offsets;
    }
}
