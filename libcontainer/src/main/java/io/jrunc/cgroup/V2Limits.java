package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Resources;
import java.util.OptionalLong;

/** The files of the v2 hierarchy. Source: kernel documentation, admin-guide/cgroup-v2. */
final class V2Limits {
    private static final long DEFAULT_PERIOD_MICROS = 100_000;
    private static final long SHARES_MIN = 2;
    private static final long SHARES_MAX = 262_144;

    private V2Limits() {}

    /**
     * Applies the limits.
     *
     * @param hybrid whether v1 hierarchies have taken the controllers that are missing here
     */
    static void apply(CgroupDir dir, Resources resources, boolean hybrid) {
        if (!hybrid || dir.has("pids.max")) {
            if (resources.pids().limit().isPresent()) {
                dir.write("pids.max", PidsLimit.word(resources.pids().limit().getAsLong()));
            }
        }
        if (!hybrid || dir.has("memory.max")) {
            memory(dir, resources.memory());
        }
        if (!hybrid || dir.has("cpu.max")) {
            cpu(dir, resources.cpu());
        }
        if (!hybrid || dir.has("cpuset.cpus")) {
            cpuset(dir, resources.cpu());
        }
    }

    private static void cpuset(CgroupDir dir, Cpu cpu) {
        if (!cpu.cpus().orElse("").isEmpty()) {
            dir.write("cpuset.cpus", cpu.cpus().get());
        }
        if (!cpu.mems().orElse("").isEmpty()) {
            dir.write("cpuset.mems", cpu.mems().get());
        }
    }

    private static void memory(CgroupDir dir, Memory memory) {
        limit(dir, "memory.max", memory.limit());
        limit(dir, "memory.low", memory.reservation());
        OptionalLong swap = memory.swap();
        if (swap.orElse(0) != 0) {
            String word = swapWord(memory.limit().orElse(0), swap.getAsLong());
            boolean changesNothing = word.equals("max") || word.equals("0");
            // A kernel without swap accounting has no such file, and then there is no swap to
            // limit.
            if (!changesNothing || dir.has("memory.swap.max")) {
                dir.write("memory.swap.max", word);
            }
        }
    }

    /** v1 counts memory and swap together, v2 swap alone. */
    static String swapWord(long limit, long memoryAndSwap) {
        if (memoryAndSwap == -1 || limit == -1) {
            return word(memoryAndSwap);
        }
        if (limit == 0) {
            throw Failure.invalid(
                    "linux.resources.memory.swap",
                    memoryAndSwap + " is set without a memory limit",
                    "set linux.resources.memory.limit as well");
        }
        if (memoryAndSwap < limit) {
            throw Failure.invalid(
                    "linux.resources.memory.swap",
                    memoryAndSwap + " is below the memory limit " + limit,
                    "it is the sum of memory and swap: write at least " + limit);
        }
        return Long.toString(memoryAndSwap - limit);
    }

    private static void limit(CgroupDir dir, String file, OptionalLong value) {
        if (value.orElse(0) != 0) {
            dir.write(file, word(value.getAsLong()));
        }
    }

    private static String word(long value) {
        return value == -1 ? "max" : Long.toString(value);
    }

    private static void cpu(CgroupDir dir, Cpu cpu) {
        if (cpu.shares().orElse(0) != 0) {
            dir.write("cpu.weight", Long.toString(weight(cpu.shares().getAsLong())));
        }
        if (cpu.quota().orElse(0) != 0 || cpu.period().orElse(0) != 0) {
            long quota = cpu.quota().orElse(0);
            long period = cpu.period().orElse(0);
            String quotaWord = quota > 0 ? Long.toString(quota) : "max";
            dir.write("cpu.max", quotaWord + " " + (period > 0 ? period : DEFAULT_PERIOD_MICROS));
        }
    }

    /** So that 2 is 1, 1024 is 100 and 262144 is 10000, and what lies between is smooth. */
    static long weight(long shares) {
        if (shares <= SHARES_MIN) {
            return 1;
        }
        if (shares >= SHARES_MAX) {
            return 10_000;
        }
        double l = Math.log((double) shares) / Math.log(2);
        double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
        return (long) Math.ceil(Math.pow(10, exponent));
    }
}
