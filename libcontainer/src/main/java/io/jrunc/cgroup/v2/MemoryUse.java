// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Memory;

/** {@code linux.resources.memory.checkBeforeUpdate}. */
public final class MemoryUse {
    private MemoryUse() {}

    /** On v2 a limit below what is in use would have processes killed; so it is refused. */
    public static void refuseBelow(CgroupDir dir, Memory memory) {
        String used = dir.has("memory.current") ? dir.read("memory.current") : "";
        if (!used.isEmpty()) {
            refuseBelow(Long.parseLong(used), "limit", memory.limit().orElse(0));
            refuseBelow(Long.parseLong(used), "swap", memory.swap().orElse(0));
        }
    }

    private static void refuseBelow(long used, String field, long limit) {
        if (limit > 0 && limit <= used) {
            throw Failure.invalid(
                    "linux.resources.memory." + field,
                    limit + " is not above the " + used + " bytes that are in use",
                    "write more, or leave out checkBeforeUpdate");
        }
    }
}
