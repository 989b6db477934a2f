// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Memory;
import java.util.OptionalLong;
import java.util.Set;

/** {@code linux.resources.memory} on v2. */
final class MemoryController {
    private MemoryController() {}

    static void apply(CgroupDir dir, Memory memory) {
        // A kernel without swap accounting has no such file, and then there is no swap to limit.
        String swap = swap(memory);
        boolean changesNothing = swap.equals("max") || swap.equals("0");
        if (!swap.isEmpty() && (!changesNothing || dir.has("memory.swap.max"))) {
            dir.write("memory.swap.max", swap);
        }
        limit(dir, "memory.max", memory.limit());
        limit(dir, "memory.low", memory.reservation());
    }

    /** Adds the files that hold the limits of {@code memory}. */
    static void files(Set<String> files, Memory memory) {
        if (memory.limit().orElse(0) != 0) {
            files.add("memory.max");
        }
        if (memory.reservation().orElse(0) != 0) {
            files.add("memory.low");
        }
        // Without a limit of memory there is none of swap either.
        if (memory.swap().orElse(0) != 0 || memory.limit().orElse(0) == -1) {
            files.add("memory.swap.max");
        }
    }

    static String swap(Memory memory) {
        long swap = memory.swap().orElse(0);
        long limit = memory.limit().orElse(0);
        if (swap != 0) {
            return swapWord(limit, swap);
        }
        return limit == -1 ? "max" : ""; // no limit of memory is none of the sum either
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

    /** Zero is how engines write "not set". */
    private static void limit(CgroupDir dir, String file, OptionalLong value) {
        if (value.orElse(0) != 0) {
            dir.write(file, word(value.getAsLong()));
        }
    }

    private static String word(long value) {
        return value == -1 ? "max" : Long.toString(value);
    }
}
