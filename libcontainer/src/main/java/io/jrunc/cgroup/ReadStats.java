// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.v1.BlkioCounters;
import io.jrunc.cgroup.v1.V1Memory;
import io.jrunc.cgroup.v1.V1Stats;
import io.jrunc.cgroup.v2.IoCounters;
import io.jrunc.cgroup.v2.PressureFiles;
import io.jrunc.cgroup.v2.V2Memory;
import io.jrunc.cgroup.v2.V2Stats;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the kernel's statistics of a container: from v1 those of v1 controllers, from v2 the rest,
 * also where v2 is mounted beside v1 hierarchies.
 */
public final class ReadStats {
    private final CgroupFiles v1;
    private final CgroupFiles v2;

    private ReadStats(CgroupFiles v1, CgroupFiles v2) {
        this.v1 = v1;
        this.v2 = v2;
    }

    /**
     * Looks what there is.
     *
     * @param cgroups directories by v1 controller, "" for v2
     */
    public static ReadStats of(Kernel kernel, Map<String, String> cgroups) {
        List<String> v1 = new ArrayList<>();
        List<String> v2 = new ArrayList<>();
        cgroups.forEach((key, directory) -> (key.isEmpty() ? v2 : v1).add(directory));
        return new ReadStats(CgroupFiles.in(kernel, v1), CgroupFiles.in(kernel, v2));
    }

    /** Returns all numbers. */
    public CgroupStats all() {
        if (v1.isEmpty() && v2.isEmpty()) {
            throw Failure.of(
                    Failure.Code.CGROUP, "the container has no cgroup, so nothing is counted");
        }
        var hugetlb = V1Stats.hugetlb(v1);
        BlockIoStats blkio = BlkioCounters.read(v1);
        return new CgroupStats(
                V1Stats.cpu(v1).or(() -> V2Stats.cpu(v2)),
                V1Stats.throttling(v1).or(() -> V2Stats.throttling(v2)),
                V1Stats.cpuset(v1),
                memory(),
                V1Stats.pids(v1).or(() -> V2Stats.pids(v2)),
                blkio.equals(BlockIoStats.NONE) ? IoCounters.read(v2) : blkio,
                hugetlb.isEmpty() ? V2Stats.hugetlb(v2) : hugetlb,
                PressureFiles.read(v2));
    }

    /** Returns what is counted of memory; absent without a controller. */
    public Optional<MemoryStats> memory() {
        return V1Memory.read(v1).or(() -> V2Memory.read(v2));
    }
}
