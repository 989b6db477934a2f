// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonTree;
import io.jrunc.linux.Failure;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.HugepageLimit;
import io.jrunc.spec.Memory;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Ranges;
import io.jrunc.spec.Rdma;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code linux.resources}. */
final class ResourcesReader {
    private static final int WILDCARD = -1;

    private ResourcesReader() {}

    static Resources resources(Fields f) {
        if (f.names().isEmpty()) {
            return Resources.NONE;
        }
        return new Resources(
                devices(f),
                f.has("memory") ? memory(f.object("memory")) : Memory.NONE,
                f.has("cpu") ? cpu(f.object("cpu")) : Cpu.NONE,
                new Pids(f.object("pids").optionalLong("limit", -1, Long.MAX_VALUE)),
                f.has("blockIO") ? blockIo(f.object("blockIO")) : BlockIo.NONE,
                hugepageLimits(f),
                f.has("network") ? network(f.object("network")) : NetworkClass.NONE,
                rdma(f),
                f.stringMap("unified"));
    }

    private static List<DeviceRule> devices(Fields resources) {
        List<DeviceRule> rules = new ArrayList<>();
        for (Fields f : resources.objects("devices")) {
            rules.add(
                    new DeviceRule(
                            f.bool("allow"),
                            ruleType(f),
                            number(f, "major", Ranges.MAJOR_MAX),
                            number(f, "minor", Ranges.MINOR_MAX),
                            access(f)));
        }
        return rules;
    }

    private static Optional<DeviceType> ruleType(Fields f) {
        String type = f.stringOrEmpty("type");
        return switch (type) {
            case "", "a" -> Optional.empty();
            case "b" -> Optional.of(DeviceType.BLOCK);
            case "c" -> Optional.of(DeviceType.CHARACTER);
            default ->
                    throw Fields.notA("a kind of device rule", f.path("type"), type, "a", "b", "c");
        };
    }

    private static OptionalInt number(Fields f, String name, int max) {
        OptionalInt number = f.optionalInt(name, WILDCARD, max);
        return number.orElse(WILDCARD) == WILDCARD ? OptionalInt.empty() : number;
    }

    private static Optional<String> access(Fields f) {
        Optional<String> access = f.optionalString("access");
        String letters = access.orElse("");
        for (int i = 0; i < letters.length(); i++) {
            if ("rwm".indexOf(letters.charAt(i)) < 0) {
                throw Failure.invalid(
                        f.path("access"),
                        JsonTree.describe(letters) + " holds another letter than r, w and m",
                        "write for example \"rwm\"");
            }
        }
        return access;
    }

    private static Memory memory(Fields f) {
        return new Memory(
                f.optionalLong("limit", -1, Long.MAX_VALUE),
                f.optionalLong("reservation", -1, Long.MAX_VALUE),
                f.optionalLong("swap", -1, Long.MAX_VALUE),
                f.optionalLong("kernel", -1, Long.MAX_VALUE),
                f.optionalLong("kernelTCP", -1, Long.MAX_VALUE),
                f.optionalInt("swappiness", 0, Memory.SWAPPINESS_MAX),
                f.optionalBool("disableOOMKiller"),
                f.optionalBool("useHierarchy"),
                f.optionalBool("checkBeforeUpdate"));
    }

    private static Cpu cpu(Fields f) {
        return new Cpu(
                f.optionalUnsigned("shares"),
                f.optionalLong("quota", Long.MIN_VALUE, Long.MAX_VALUE),
                f.optionalUnsigned("burst"),
                f.optionalUnsigned("period"),
                f.optionalLong("realtimeRuntime", Long.MIN_VALUE, Long.MAX_VALUE),
                f.optionalUnsigned("realtimePeriod"),
                f.optionalString("cpus"),
                f.optionalString("mems"),
                f.optionalInt("idle", 0, 1));
    }

    private static BlockIo blockIo(Fields f) {
        List<BlockIo.WeightDevice> weights = new ArrayList<>();
        for (Fields w : f.objects("weightDevice")) {
            weights.add(
                    new BlockIo.WeightDevice(
                            (int) w.integer("major", 0, Ranges.MAJOR_MAX),
                            (int) w.integer("minor", 0, Ranges.MINOR_MAX),
                            w.optionalInt("weight", 0, BlockIo.WEIGHT_MAX),
                            w.optionalInt("leafWeight", 0, BlockIo.WEIGHT_MAX)));
        }
        return new BlockIo(
                f.optionalInt("weight", 0, BlockIo.WEIGHT_MAX),
                f.optionalInt("leafWeight", 0, BlockIo.WEIGHT_MAX),
                weights,
                throttles(f, "throttleReadBpsDevice"),
                throttles(f, "throttleWriteBpsDevice"),
                throttles(f, "throttleReadIOPSDevice"),
                throttles(f, "throttleWriteIOPSDevice"));
    }

    private static List<BlockIo.ThrottleDevice> throttles(Fields blockIo, String name) {
        List<BlockIo.ThrottleDevice> throttles = new ArrayList<>();
        for (Fields f : blockIo.objects(name)) {
            throttles.add(
                    new BlockIo.ThrottleDevice(
                            (int) f.integer("major", 0, Ranges.MAJOR_MAX),
                            (int) f.integer("minor", 0, Ranges.MINOR_MAX),
                            f.unsigned("rate")));
        }
        return throttles;
    }

    private static List<HugepageLimit> hugepageLimits(Fields resources) {
        List<HugepageLimit> limits = new ArrayList<>();
        for (Fields f : resources.objects("hugepageLimits")) {
            limits.add(new HugepageLimit(f.string("pageSize"), f.unsigned("limit")));
        }
        return limits;
    }

    private static NetworkClass network(Fields f) {
        List<NetworkClass.InterfacePriority> priorities = new ArrayList<>();
        for (Fields p : f.objects("priorities")) {
            priorities.add(
                    new NetworkClass.InterfacePriority(
                            p.string("name"), p.integer("priority", 0, Ranges.UINT32_MAX)));
        }
        return new NetworkClass(f.optionalLong("classID", 0, Ranges.UINT32_MAX), priorities);
    }

    private static Map<String, Rdma> rdma(Fields resources) {
        Map<String, Rdma> limits = new LinkedHashMap<>();
        for (Map.Entry<String, Fields> entry : resources.objectMap("rdma").entrySet()) {
            Fields f = entry.getValue();
            limits.put(
                    entry.getKey(),
                    new Rdma(
                            f.optionalLong("hcaHandles", 0, Ranges.UINT32_MAX),
                            f.optionalLong("hcaObjects", 0, Ranges.UINT32_MAX)));
        }
        return limits;
    }
}
