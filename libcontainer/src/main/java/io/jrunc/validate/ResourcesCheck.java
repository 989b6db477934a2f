// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.HugepageLimit;
import io.jrunc.spec.Memory;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.OptionalInt;

/** {@code linux.resources}. Source: runtime-spec config-linux.md#control-groups. */
final class ResourcesCheck extends Check {
    private static final int LEAST_WEIGHT = 10;

    ResourcesCheck() {
        super("resources");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        check(spec.linux().resources(), facts, warnings);
    }

    static void check(Resources resources, HostFacts facts, List<String> warnings) {
        memory(resources.memory(), facts, warnings);
        cpu(resources.cpu(), facts, warnings);
        blockIo(resources.blockIo());
        NetworkClass network = resources.network();
        boolean wantsNetwork = network.classId().orElse(0) != 0 || !network.priorities().isEmpty();
        if (facts.cgroupV2() && wantsNetwork) {
            warnings.add(v1("network"));
        }
        for (int i = 0; i < resources.hugepageLimits().size(); i++) {
            pageSize(
                    "linux.resources.hugepageLimits[" + i + "].pageSize",
                    resources.hugepageLimits().get(i));
        }
        unified(resources, facts);
    }

    private static void memory(Memory memory, HostFacts facts, List<String> warnings) {
        long limit = memory.limit().orElse(0);
        long swap = memory.swap().orElse(0);
        if (swap > 0 && limit == 0) {
            throw Failure.invalid(
                    "linux.resources.memory.swap",
                    swap + " limits memory and swap together and so needs memory.limit",
                    "add it");
        }
        if (swap > 0 && swap < limit) {
            throw Failure.invalid(
                    "linux.resources.memory.swap",
                    swap + " limits memory and swap together but is below memory.limit " + limit,
                    "write at least that");
        }
        if (!memory.useHierarchy().orElse(true)) {
            warnings.add("linux.resources.memory.useHierarchy: kernels only know true, ignoring");
        }
        if (memory.kernel().orElse(0) != 0) {
            warnings.add("linux.resources.memory.kernel: kernels no longer know it, ignoring");
        }
        if (facts.cgroupV2() && memory.kernelTcp().orElse(0) != 0) {
            warnings.add(v1("memory.kernelTCP"));
        }
        if (facts.cgroupV2() && memory.swappiness().isPresent()) {
            warnings.add(v1("memory.swappiness"));
        }
        if (facts.cgroupV2() && memory.disableOomKiller().orElse(false)) {
            warnings.add(v1("memory.disableOOMKiller"));
        }
    }

    private static void cpu(Cpu cpu, HostFacts facts, List<String> warnings) {
        if (facts.cgroupV2()
                && (cpu.realtimeRuntime().orElse(0) != 0 || cpu.realtimePeriod().orElse(0) != 0)) {
            warnings.add(v1("cpu.realtimeRuntime and cpu.realtimePeriod"));
        }
    }

    private static String v1(String field) {
        return "linux.resources." + field + ": only cgroup v1 knows it, ignoring";
    }

    private static void blockIo(BlockIo blockIo) {
        String field = "linux.resources.blockIO";
        weight(field + ".weight", blockIo.weight());
        weight(field + ".leafWeight", blockIo.leafWeight());
        for (int i = 0; i < blockIo.weightDevice().size(); i++) {
            String device = field + ".weightDevice[" + i + ']';
            weight(device + ".weight", blockIo.weightDevice().get(i).weight());
            weight(device + ".leafWeight", blockIo.weightDevice().get(i).leafWeight());
        }
    }

    /** Accepts 0, which Docker writes for a weight that is not set. */
    private static void weight(String field, OptionalInt weight) {
        int value = weight.orElse(0);
        if (value != 0 && value < LEAST_WEIGHT) {
            throw Failure.invalid(
                    field, value + " is out of range", "write a number from 10 to 1000");
        }
    }

    private static void pageSize(String field, HugepageLimit limit) {
        String size = limit.pageSize();
        int digits = 0;
        while (digits < size.length() && Character.isDigit(size.charAt(digits))) {
            digits++;
        }
        String unit = size.substring(digits);
        boolean known = unit.equals("KB") || unit.equals("MB") || unit.equals("GB");
        if (digits == 0 || size.charAt(0) == '0' || !known) {
            throw Texts.invalid(field, size, "is not a page size", "write for example \"2MB\"");
        }
    }

    private static void unified(Resources resources, HostFacts facts) {
        if (!resources.unified().isEmpty() && !facts.cgroupV2()) {
            throw Failure.invalid(
                    "linux.resources.unified",
                    "needs cgroup v2, which this host lacks",
                    "remove it");
        }
        for (String file : resources.unified().keySet()) {
            String field = "linux.resources.unified[" + Texts.quoted(file) + ']';
            // It names a file of the cgroup's directory; nothing above or below that is meant.
            if (file.indexOf('/') >= 0 || file.indexOf('\0') >= 0 || file.indexOf('.') <= 0) {
                throw Failure.invalid(
                        field, "is not a file of a cgroup", "write for example memory.high");
            }
        }
    }
}
