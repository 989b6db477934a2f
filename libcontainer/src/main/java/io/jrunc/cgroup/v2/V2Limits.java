// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.CpusetFiles;
import io.jrunc.cgroup.file.PidsController;
import io.jrunc.cgroup.file.RdmaController;
import io.jrunc.spec.Resources;
import java.util.HashSet;
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

    /**
     * Returns the files that hold the limits of {@code resources}, those of {@code unified} left
     * out.
     */
    public static Set<String> files(Resources resources) {
        Set<String> files = new HashSet<>();
        if (resources.pids().limit().isPresent()) {
            files.add("pids.max");
        }
        MemoryController.files(files, resources.memory());
        IoController.files(files, resources.blockIo());
        CpuController.files(files, resources.cpu());
        if (!resources.cpu().cpus().orElse("").isEmpty()) {
            files.add("cpuset.cpus");
        }
        if (!resources.cpu().mems().orElse("").isEmpty()) {
            files.add("cpuset.mems");
        }
        HugetlbController.files(files, resources.hugepageLimits());
        if (!resources.rdma().isEmpty()) {
            files.add("rdma.max");
        }
        return files;
    }
}
