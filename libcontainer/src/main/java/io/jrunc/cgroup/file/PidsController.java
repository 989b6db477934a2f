// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.spec.Pids;

/** {@code linux.resources.pids}: the same file in both versions. */
public final class PidsController {
    private PidsController() {}

    /** Absent leaves the file alone. */
    public static void apply(CgroupDir dir, Pids pids) {
        if (pids.limit().isPresent()) {
            dir.write("pids.max", word(pids.limit().getAsLong()));
        }
    }

    /** -1 is no limit; 0 would keep out even the container's first process, so it is 1. */
    static String word(long limit) {
        return limit == -1 ? "max" : Long.toString(Math.max(limit, 1));
    }
}
