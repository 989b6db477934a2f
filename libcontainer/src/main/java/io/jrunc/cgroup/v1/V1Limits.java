// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.CpusetFiles;
import io.jrunc.cgroup.file.PidsController;
import io.jrunc.cgroup.file.RdmaController;
import io.jrunc.spec.Resources;
import java.util.List;

/** Hands the limits to the controllers of one hierarchy. */
public final class V1Limits {
    private V1Limits() {}

    /** Sets what {@code controllers} know of {@code resources}; absent leaves files alone. */
    public static void apply(CgroupDir dir, Resources resources, List<String> controllers) {
        for (String controller : controllers) {
            switch (controller) {
                case "memory" -> MemoryController.apply(dir, resources.memory());
                case "cpu" -> CpuController.apply(dir, resources.cpu());
                case "cpuset" -> CpusetFiles.write(dir, resources.cpu());
                case "pids" -> PidsController.apply(dir, resources.pids());
                case "blkio" -> BlkioController.apply(dir, resources.blockIo());
                case "hugetlb" -> HugetlbController.apply(dir, resources.hugepageLimits());
                case "net_cls" -> NetworkControllers.classify(dir, resources.network());
                case "net_prio" -> NetworkControllers.prioritise(dir, resources.network());
                case "rdma" -> RdmaController.apply(dir, resources.rdma());
                default -> {}
            }
        }
    }
}
