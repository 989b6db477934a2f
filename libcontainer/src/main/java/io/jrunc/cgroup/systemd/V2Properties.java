// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import static io.jrunc.cgroup.systemd.UnitProperty.number;

import io.jrunc.cgroup.v2.V2Values;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The limits that systemd has properties for on cgroup v2. Source: systemd.resource-control(5).
 *
 * <p>Not the devices: systemd does not touch programs that other processes have attached, so the
 * container's own program is enough.
 */
final class V2Properties {
    private static final int IDLE_SINCE = 252;
    private static final int ZSWAP_SINCE = 253;

    /** Files of {@code linux.resources.unified} that are a number of bytes, or "max". */
    private static final Map<String, String> MEMORY_FILES =
            Map.of(
                    "memory.max", "MemoryMax",
                    "memory.high", "MemoryHigh",
                    "memory.low", "MemoryLow",
                    "memory.min", "MemoryMin",
                    "memory.swap.max", "MemorySwapMax",
                    "pids.max", "TasksMax");

    private V2Properties() {}

    static List<UnitProperty> of(Resources resources, int version) {
        List<UnitProperty> all = new ArrayList<>();
        memory(all, resources.memory());
        cpu(all, resources.cpu(), version);
        if (resources.blockIo().weight().orElse(0) != 0) {
            int weight = V2Values.ioWeight(resources.blockIo().weight().getAsInt());
            all.add(number("IOWeight", weight));
        }
        DeviceProperties.ofV2(all, resources.blockIo());
        unified(all, resources.unified(), version);
        return all;
    }

    private static void memory(List<UnitProperty> all, Memory memory) {
        UnitProperties.limit(all, "MemoryMax", memory.limit());
        UnitProperties.limit(all, "MemoryLow", memory.reservation());
        String swap = V2Values.swap(memory);
        if (!swap.isEmpty()) {
            all.add(number("MemorySwapMax", bytes(swap)));
        }
    }

    private static void cpu(List<UnitProperty> all, Cpu cpu, int version) {
        if (cpu.idle().orElse(0) == 1 && version >= IDLE_SINCE) {
            all.add(number("CPUWeight", 0)); // this is how systemd writes "idle"
        } else if (cpu.shares().orElse(0) != 0) {
            all.add(number("CPUWeight", V2Values.cpuWeight(cpu.shares().getAsLong())));
        }
        UnitProperties.quota(all, cpu.quota().orElse(0), cpu.period().orElse(0), version);
        UnitProperties.cpuSet(all, cpu.cpus().orElse(""), cpu.mems().orElse(""), version);
    }

    /** Those of the files that are also properties; systemd would undo the others' meaning. */
    private static void unified(List<UnitProperty> all, Map<String, String> files, int version) {
        files.forEach(
                (file, text) -> {
                    String value = text.strip();
                    if (MEMORY_FILES.containsKey(file)) {
                        all.add(number(MEMORY_FILES.get(file), bytes(value)));
                    } else {
                        unified(all, file, value, version);
                    }
                });
    }

    private static void unified(List<UnitProperty> all, String file, String value, int version) {
        switch (file) {
            case "memory.zswap.max" -> {
                if (version >= ZSWAP_SINCE) {
                    all.add(number("MemoryZSwapMax", bytes(value)));
                }
            }
            case "cpu.weight" -> all.add(number("CPUWeight", bytes(value)));
            case "cpu.idle" -> {
                if (value.equals("1") && version >= IDLE_SINCE) {
                    all.add(number("CPUWeight", 0));
                }
            }
            case "cpu.max" -> bandwidth(all, value.split("\\s+", 2), version);
            case "cpu.weight.nice" -> all.add(number("CPUWeight", V2Values.niceWeight(value)));
            case "io.weight" -> DeviceProperties.weightLines(all, value);
            case "io.max" -> DeviceProperties.rateLines(all, value);
            case "cpuset.cpus" -> UnitProperties.cpuSet(all, value, "", version);
            case "cpuset.mems" -> UnitProperties.cpuSet(all, "", value, version);
            default -> {} // the file is written, and systemd does not know it
        }
    }

    private static void bandwidth(List<UnitProperty> all, String[] words, int version) {
        long period = words.length > 1 ? V2Values.number(words[1]) : 0;
        UnitProperties.quota(all, bytes(words[0]), period, version);
    }

    private static long bytes(String value) {
        return value.equals("max") ? UnitProperty.INFINITY : V2Values.number(value);
    }
}
