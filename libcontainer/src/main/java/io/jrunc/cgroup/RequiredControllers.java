// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.Memory;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which controllers, by their v1 names, some limits need, and the fields that need them. */
final class RequiredControllers {
    private static final List<String> COUNTING = List.of("cpu", "io", "memory", "pids");

    private final Map<String, String> fields = new LinkedHashMap<>();

    private RequiredControllers() {}

    /** Controllers to fields of {@code linux.resources}; devices are not a limit. */
    static Map<String, String> of(Resources resources) {
        RequiredControllers required = new RequiredControllers();
        required.add(isSet(resources.memory()), "memory", "memory");
        cpu(required, resources.cpu());
        required.add(resources.pids().limit().isPresent(), "pids", "pids");
        required.add(!isUnset(resources.blockIo()), "blkio", "blockIO");
        required.add(!resources.hugepageLimits().isEmpty(), "hugetlb", "hugepageLimits");
        NetworkClass network = resources.network();
        required.add(network.classId().orElse(0) != 0, "net_cls", "network.classID");
        required.add(!network.priorities().isEmpty(), "net_prio", "network.priorities");
        required.add(!resources.rdma().isEmpty(), "rdma", "rdma");
        return required.fields;
    }

    /**
     * Returns the controllers to enable for the container's v2 cgroup, by their v2 names: those
     * that limits need, and those for statistics and out-of-memory events.
     */
    static Set<String> unified(Resources resources) {
        Set<String> names = new TreeSet<>(COUNTING);
        for (String controller : of(resources).keySet()) {
            names.add(controller.equals("blkio") ? "io" : controller);
        }
        for (String file : resources.unified().keySet()) {
            names.add(file.substring(0, Math.max(file.indexOf('.'), 0)));
        }
        return names;
    }

    private static boolean isSet(Memory memory) {
        return memory.limit().orElse(0) != 0
                || memory.reservation().orElse(0) != 0
                || memory.swap().orElse(0) != 0
                || memory.kernelTcp().orElse(0) != 0
                || memory.swappiness().isPresent()
                || memory.disableOomKiller().orElse(false);
    }

    private static void cpu(RequiredControllers required, Cpu cpu) {
        boolean set = !cpu.cpus().orElse("").isEmpty() || !cpu.mems().orElse("").isEmpty();
        boolean time =
                cpu.shares().orElse(0) != 0
                        || cpu.quota().orElse(0) != 0
                        || cpu.period().orElse(0) != 0
                        || cpu.burst().isPresent()
                        || cpu.realtimeRuntime().orElse(0) != 0
                        || cpu.realtimePeriod().orElse(0) != 0
                        || cpu.idle().isPresent();
        required.add(time, "cpu", "cpu");
        required.add(set, "cpuset", "cpu");
    }

    /** Engines write a weight of 0 for "not set". */
    private static boolean isUnset(BlockIo blockIo) {
        return blockIo.weight().orElse(0) == 0
                && blockIo.leafWeight().orElse(0) == 0
                && blockIo.weightDevice().isEmpty()
                && blockIo.throttleReadBpsDevice().isEmpty()
                && blockIo.throttleWriteBpsDevice().isEmpty()
                && blockIo.throttleReadIopsDevice().isEmpty()
                && blockIo.throttleWriteIopsDevice().isEmpty();
    }

    private void add(boolean required, String controller, String field) {
        if (required) {
            fields.put(controller, "linux.resources." + field);
        }
    }
}
