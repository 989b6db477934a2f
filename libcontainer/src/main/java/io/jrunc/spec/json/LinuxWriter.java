// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.spec.Clock;
import io.jrunc.spec.Device;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.Linux;
import io.jrunc.spec.MemoryPolicy;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NetDevice;
import io.jrunc.spec.Personality;
import io.jrunc.spec.SpecWord;
import io.jrunc.spec.TimeOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Writes {@code linux}, but for {@code resources}. */
final class LinuxWriter {
    private final JsonText json;

    LinuxWriter(JsonText json) {
        this.json = json;
    }

    void linux(Linux linux) {
        if (linux.equals(Linux.NONE)) {
            return;
        }
        json.beginObject("linux");
        idMappings(json, "uidMappings", linux.uidMappings());
        idMappings(json, "gidMappings", linux.gidMappings());
        if (!linux.sysctl().isEmpty()) {
            json.map("sysctl", linux.sysctl());
        }
        new ResourcesWriter(json).resources(linux.resources());
        json.stringIfAny("cgroupsPath", linux.cgroupsPath());
        namespaces(linux.namespaces());
        devices(linux.devices());
        netDevices(linux.netDevices());
        if (linux.seccomp().isPresent()) {
            json.beginObject("seccomp");
            new SeccompWriter(json).fields(linux.seccomp().get());
            json.endObject();
        }
        if (linux.rootfsPropagation().isPresent()) {
            json.string("rootfsPropagation", linux.rootfsPropagation().get().specName());
        }
        json.stringsIfAny("maskedPaths", linux.maskedPaths());
        json.stringsIfAny("readonlyPaths", linux.readonlyPaths());
        json.stringIfAny("mountLabel", linux.mountLabel());
        if (linux.intelRdt().isPresent()) {
            intelRdt(linux.intelRdt().get());
        }
        if (linux.memoryPolicy().isPresent()) {
            memoryPolicy(linux.memoryPolicy().get());
        }
        if (linux.personality().isPresent()) {
            personality(linux.personality().get());
        }
        timeOffsets(linux.timeOffsets());
        json.endObject();
    }

    static void idMappings(JsonText json, String name, List<IdMapping> mappings) {
        if (mappings.isEmpty()) {
            return;
        }
        json.beginList(name);
        for (IdMapping mapping : mappings) {
            json.beginObject();
            json.number("containerID", mapping.containerId());
            json.number("hostID", mapping.hostId());
            json.number("size", mapping.size());
            json.endObject();
        }
        json.endList();
    }

    static List<String> names(List<? extends SpecWord> words) {
        List<String> names = new ArrayList<>();
        for (SpecWord word : words) {
            names.add(word.specName());
        }
        return names;
    }

    static void number(JsonText json, String name, OptionalInt value) {
        if (value.isPresent()) {
            json.number(name, value.getAsInt());
        }
    }

    static void number(JsonText json, String name, OptionalLong value) {
        if (value.isPresent()) {
            json.number(name, value.getAsLong());
        }
    }

    static void unsigned(JsonText json, String name, OptionalLong value) {
        if (value.isPresent()) {
            json.unsigned(name, value.getAsLong());
        }
    }

    private void namespaces(List<Namespace> namespaces) {
        if (namespaces.isEmpty()) {
            return;
        }
        json.beginList("namespaces");
        for (Namespace namespace : namespaces) {
            json.beginObject();
            json.string("type", namespace.type().specName());
            json.stringIfAny("path", namespace.path());
            json.endObject();
        }
        json.endList();
    }

    private void devices(List<Device> devices) {
        if (devices.isEmpty()) {
            return;
        }
        json.beginList("devices");
        for (Device device : devices) {
            json.beginObject();
            json.string("path", device.path());
            json.string("type", device.type().specName());
            number(json, "major", device.major());
            number(json, "minor", device.minor());
            number(json, "fileMode", device.fileMode());
            number(json, "uid", device.uid());
            number(json, "gid", device.gid());
            json.endObject();
        }
        json.endList();
    }

    private void netDevices(Map<String, NetDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        json.beginObject("netDevices");
        for (Map.Entry<String, NetDevice> entry : devices.entrySet()) {
            json.beginObject(entry.getKey());
            json.stringIfAny("name", entry.getValue().name());
            json.endObject();
        }
        json.endObject();
    }

    private void intelRdt(IntelRdt rdt) {
        json.beginObject("intelRdt");
        json.stringIfAny("closID", rdt.closId());
        json.stringsIfAny("schemata", rdt.schemata());
        json.stringIfAny("l3CacheSchema", rdt.l3CacheSchema());
        json.stringIfAny("memBwSchema", rdt.memBwSchema());
        if (rdt.enableMonitoring()) {
            json.bool("enableMonitoring", true);
        }
        json.endObject();
    }

    private void memoryPolicy(MemoryPolicy policy) {
        json.beginObject("memoryPolicy");
        json.string("mode", policy.mode().specName());
        json.stringIfAny("nodes", policy.nodes());
        json.stringsIfAny("flags", names(policy.flags()));
        json.endObject();
    }

    private void personality(Personality personality) {
        json.beginObject("personality");
        json.string("domain", personality.domain().specName());
        json.stringsIfAny("flags", personality.flags());
        json.endObject();
    }

    private void timeOffsets(Map<Clock, TimeOffset> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        json.beginObject("timeOffsets");
        for (Map.Entry<Clock, TimeOffset> entry : offsets.entrySet()) {
            json.beginObject(entry.getKey().specName());
            json.number("secs", entry.getValue().secs());
            json.number("nanosecs", entry.getValue().nanosecs());
            json.endObject();
        }
        json.endObject();
    }
}
