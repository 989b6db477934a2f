// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.HugepageLimit;
import io.jrunc.spec.Memory;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Rdma;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes {@code linux.resources}. */
final class ResourcesWriter {
    private final JsonText json;

    ResourcesWriter(JsonText json) {
        this.json = json;
    }

    void resources(Resources resources) {
        if (resources.equals(Resources.NONE)) {
            return;
        }
        json.beginObject("resources");
        fields(resources);
        json.endObject();
    }

    /** What is between the braces. */
    void fields(Resources resources) {
        devices(resources.devices());
        memory(resources.memory());
        cpu(resources.cpu());
        if (resources.pids().limit().isPresent()) {
            json.beginObject("pids");
            LinuxWriter.number(json, "limit", resources.pids().limit());
            json.endObject();
        }
        blockIo(resources.blockIo());
        hugepageLimits(resources.hugepageLimits());
        network(resources.network());
        rdma(resources.rdma());
        if (!resources.unified().isEmpty()) {
            json.map("unified", resources.unified());
        }
    }

    private void devices(List<DeviceRule> rules) {
        if (rules.isEmpty()) {
            return;
        }
        json.beginList("devices");
        for (DeviceRule rule : rules) {
            json.beginObject();
            json.bool("allow", rule.allow());
            if (rule.type().isPresent()) {
                json.string("type", rule.type().get().specName());
            }
            LinuxWriter.number(json, "major", rule.major());
            LinuxWriter.number(json, "minor", rule.minor());
            json.stringIfAny("access", rule.access());
            json.endObject();
        }
        json.endList();
    }

    private void memory(Memory memory) {
        if (memory.equals(Memory.NONE)) {
            return;
        }
        json.beginObject("memory");
        LinuxWriter.number(json, "limit", memory.limit());
        LinuxWriter.number(json, "reservation", memory.reservation());
        LinuxWriter.number(json, "swap", memory.swap());
        LinuxWriter.number(json, "kernel", memory.kernel());
        LinuxWriter.number(json, "kernelTCP", memory.kernelTcp());
        LinuxWriter.number(json, "swappiness", memory.swappiness());
        bool("disableOOMKiller", memory.disableOomKiller());
        bool("useHierarchy", memory.useHierarchy());
        bool("checkBeforeUpdate", memory.checkBeforeUpdate());
        json.endObject();
    }

    private void cpu(Cpu cpu) {
        if (cpu.equals(Cpu.NONE)) {
            return;
        }
        json.beginObject("cpu");
        LinuxWriter.unsigned(json, "shares", cpu.shares());
        LinuxWriter.number(json, "quota", cpu.quota());
        LinuxWriter.unsigned(json, "burst", cpu.burst());
        LinuxWriter.unsigned(json, "period", cpu.period());
        LinuxWriter.number(json, "realtimeRuntime", cpu.realtimeRuntime());
        LinuxWriter.unsigned(json, "realtimePeriod", cpu.realtimePeriod());
        json.stringIfAny("cpus", cpu.cpus());
        json.stringIfAny("mems", cpu.mems());
        LinuxWriter.number(json, "idle", cpu.idle());
        json.endObject();
    }

    private void blockIo(BlockIo blockIo) {
        if (blockIo.equals(BlockIo.NONE)) {
            return;
        }
        json.beginObject("blockIO");
        LinuxWriter.number(json, "weight", blockIo.weight());
        LinuxWriter.number(json, "leafWeight", blockIo.leafWeight());
        weights(blockIo.weightDevice());
        throttles("throttleReadBpsDevice", blockIo.throttleReadBpsDevice());
        throttles("throttleWriteBpsDevice", blockIo.throttleWriteBpsDevice());
        throttles("throttleReadIOPSDevice", blockIo.throttleReadIopsDevice());
        throttles("throttleWriteIOPSDevice", blockIo.throttleWriteIopsDevice());
        json.endObject();
    }

    private void weights(List<BlockIo.WeightDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        json.beginList("weightDevice");
        for (BlockIo.WeightDevice device : devices) {
            json.beginObject();
            json.number("major", device.major());
            json.number("minor", device.minor());
            LinuxWriter.number(json, "weight", device.weight());
            LinuxWriter.number(json, "leafWeight", device.leafWeight());
            json.endObject();
        }
        json.endList();
    }

    private void throttles(String name, List<BlockIo.ThrottleDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        json.beginList(name);
        for (BlockIo.ThrottleDevice device : devices) {
            json.beginObject();
            json.number("major", device.major());
            json.number("minor", device.minor());
            json.unsigned("rate", device.rate());
            json.endObject();
        }
        json.endList();
    }

    private void hugepageLimits(List<HugepageLimit> limits) {
        if (limits.isEmpty()) {
            return;
        }
        json.beginList("hugepageLimits");
        for (HugepageLimit limit : limits) {
            json.beginObject();
            json.string("pageSize", limit.pageSize());
            json.unsigned("limit", limit.limit());
            json.endObject();
        }
        json.endList();
    }

    private void network(NetworkClass network) {
        if (network.equals(NetworkClass.NONE)) {
            return;
        }
        json.beginObject("network");
        LinuxWriter.number(json, "classID", network.classId());
        if (!network.priorities().isEmpty()) {
            json.beginList("priorities");
            for (NetworkClass.InterfacePriority priority : network.priorities()) {
                json.beginObject();
                json.string("name", priority.name());
                json.number("priority", priority.priority());
                json.endObject();
            }
            json.endList();
        }
        json.endObject();
    }

    private void rdma(Map<String, Rdma> limits) {
        if (limits.isEmpty()) {
            return;
        }
        json.beginObject("rdma");
        for (Map.Entry<String, Rdma> entry : limits.entrySet()) {
            json.beginObject(entry.getKey());
            LinuxWriter.number(json, "hcaHandles", entry.getValue().hcaHandles());
            LinuxWriter.number(json, "hcaObjects", entry.getValue().hcaObjects());
            json.endObject();
        }
        json.endObject();
    }

    private void bool(String name, Optional<Boolean> value) {
        if (value.isPresent()) {
            json.bool(name, value.get());
        }
    }
}
