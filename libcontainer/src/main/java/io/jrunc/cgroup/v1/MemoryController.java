// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Memory;

/** {@code linux.resources.memory} on v1. Source: kernel documentation, cgroup-v1/memory. */
final class MemoryController {
    private static final String LIMIT = "memory.limit_in_bytes";
    private static final String MEMORY_AND_SWAP = "memory.memsw.limit_in_bytes";

    private MemoryController() {}

    static void apply(CgroupDir dir, Memory memory) {
        long limit = memory.limit().orElse(0);
        long swap = memory.swap().orElse(0);
        if (limit == -1 && swap == 0 && dir.has(MEMORY_AND_SWAP)) {
            swap = -1; // else the old sum would go on limiting memory
        }
        // The sum may never be below the limit: whichever grows goes first.
        if (limit != 0 && swap != 0 && grows(dir, swap)) {
            write(dir, MEMORY_AND_SWAP, swap);
            limit(dir, limit);
        } else {
            limit(dir, limit);
            write(dir, MEMORY_AND_SWAP, swap);
        }
        write(dir, "memory.soft_limit_in_bytes", memory.reservation().orElse(0));
        write(dir, "memory.kmem.tcp.limit_in_bytes", memory.kernelTcp().orElse(0));
        if (memory.swappiness().isPresent()) {
            dir.write("memory.swappiness", Integer.toString(memory.swappiness().getAsInt()));
        }
        if (memory.disableOomKiller().orElse(false)) {
            dir.write("memory.oom_control", "1");
        }
    }

    private static boolean grows(CgroupDir dir, long swap) {
        String now = dir.read(MEMORY_AND_SWAP);
        return swap == -1 || !now.isEmpty() && Long.parseLong(now) < swap;
    }

    /** Zero is how engines write "not set". */
    private static void write(CgroupDir dir, String file, long bytes) {
        if (bytes != 0) {
            dir.write(file, Long.toString(bytes));
        }
    }

    private static void limit(CgroupDir dir, long bytes) {
        if (bytes != 0 && !dir.attempt(LIMIT, Long.toString(bytes), Errno.EBUSY)) {
            throw Failure.invalid(
                    "linux.resources.memory.limit",
                    bytes
                            + " is below what is in use and cannot be swapped out: "
                            + dir.read("memory.usage_in_bytes")
                            + " bytes now, "
                            + dir.read("memory.max_usage_in_bytes")
                            + " at most so far",
                    "write more");
        }
    }
}
