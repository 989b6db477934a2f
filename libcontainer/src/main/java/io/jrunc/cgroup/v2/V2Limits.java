// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.CpusetFiles;
import io.jrunc.cgroup.file.PidsController;
import io.jrunc.cgroup.file.RdmaController;
import io.jrunc.spec.Resources;
import java.util.Set;

/** Hands the limits to the controllers of the unified hierarchy. */
public final class V2Limits {
    private V2Limits() {}

    /**
     * Sets {@code resources}; absent leaves files alone.
     *
     * @param taken controllers that v1 hierarchies beside this one have
     */
    public static void apply(CgroupDir dir, Resources resources, Set<String> taken) {
        if (!taken.contains("pids")) {
            PidsController.apply(dir, resources.pids());
        }
        if (!taken.contains("memory")) {
            MemoryController.apply(dir, resources.memory());
        }
        if (!taken.contains("blkio")) {
            IoController.apply(dir, resources.blockIo());
        }
        if (!taken.contains("cpu")) {
            CpuController.apply(dir, resources.cpu());
        }
        if (!taken.contains("cpuset")) {
            CpusetFiles.write(dir, resources.cpu());
        }
        if (!taken.contains("hugetlb")) {
            HugetlbController.apply(dir, resources.hugepageLimits());
        }
        if (!taken.contains("rdma")) {
            RdmaController.apply(dir, resources.rdma());
        }
        // Last: explicit files override limits.
        UnifiedFiles.apply(dir, resources.unified());
    }
}
