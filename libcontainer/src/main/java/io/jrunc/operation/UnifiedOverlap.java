// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.HugepageLimit;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Resources;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Files of {@code linux.resources.unified} that are also limits by other names. They are written
 * last, so an earlier value would win over a limit that is set later by its other name.
 */
final class UnifiedOverlap {
    private UnifiedOverlap() {}

    /** What is left of {@code files} once {@code wanted} sets limits by other names. */
    static Map<String, String> without(Map<String, String> files, Resources wanted) {
        Map<String, String> left = new LinkedHashMap<>(files);
        left.keySet().removeAll(filesOf(wanted));
        if (wanted.unified().containsKey("cpu.weight")
                || wanted.unified().containsKey("cpu.weight.nice")) {
            left.remove("cpu.idle"); // the kernel refuses a weight of an idle cgroup
        }
        return left;
    }

    /** The v2 files that the limits of {@code wanted} end up in. */
    static Set<String> filesOf(Resources wanted) {
        Set<String> files = new HashSet<>();
        memory(files, wanted.memory());
        cpu(files, wanted.cpu());
        add(files, wanted.pids().limit().isPresent(), "pids.max");
        blockIo(files, wanted.blockIo());
        for (HugepageLimit limit : wanted.hugepageLimits()) {
            add(files, true, "hugetlb." + limit.pageSize() + ".max");
            add(files, true, "hugetlb." + limit.pageSize() + ".rsvd.max");
        }
        add(files, !wanted.rdma().isEmpty(), "rdma.max");
        return files;
    }

    private static void memory(Set<String> files, Memory memory) {
        add(files, isSet(memory.limit()), "memory.max");
        add(files, isSet(memory.reservation()), "memory.low");
        // Without a limit of memory there is none of swap either.
        boolean swap = isSet(memory.swap()) || memory.limit().orElse(0) == -1;
        add(files, swap, "memory.swap.max");
    }

    private static void cpu(Set<String> files, Cpu cpu) {
        add(files, isSet(cpu.shares()), "cpu.weight", "cpu.weight.nice", "cpu.idle");
        add(files, isSet(cpu.quota()) || isSet(cpu.period()), "cpu.max");
        add(files, cpu.burst().isPresent(), "cpu.max.burst");
        add(files, cpu.idle().isPresent(), "cpu.idle");
        // An idle cgroup has no weight.
        add(files, cpu.idle().orElse(0) == 1, "cpu.weight", "cpu.weight.nice");
        add(files, !cpu.cpus().orElse("").isEmpty(), "cpuset.cpus");
        add(files, !cpu.mems().orElse("").isEmpty(), "cpuset.mems");
    }

    private static void blockIo(Set<String> files, BlockIo io) {
        boolean weight = io.weight().orElse(0) != 0 || !io.weightDevice().isEmpty();
        add(files, weight, "io.weight", "io.bfq.weight");
        boolean throttled =
                !io.throttleReadBpsDevice().isEmpty()
                        || !io.throttleWriteBpsDevice().isEmpty()
                        || !io.throttleReadIopsDevice().isEmpty()
                        || !io.throttleWriteIopsDevice().isEmpty();
        add(files, throttled, "io.max");
    }

    /** Zero is how engines write "not set". */
    private static boolean isSet(OptionalLong number) {
        return number.orElse(0) != 0;
    }

    private static void add(Set<String> files, boolean set, String... names) {
        if (set) {
            files.addAll(Set.of(names));
        }
    }
}
