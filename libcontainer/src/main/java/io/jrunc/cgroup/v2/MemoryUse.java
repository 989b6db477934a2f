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
        long limit = memory.limit().orElse(0);
        if (!used.isEmpty() && limit > 0 && limit <= Long.parseLong(used)) {
            throw Failure.invalid(
                    "linux.resources.memory.limit",
                    limit + " is not above the " + used + " bytes that are in use",
                    "write more, or leave out checkBeforeUpdate");
        }
    }
}
