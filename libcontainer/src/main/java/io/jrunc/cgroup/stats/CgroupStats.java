// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The kernel's statistics of a container since its cgroups were made. Absent values are not
 * counted: the controller does not exist, or the kernel was built without it.
 *
 * @param cpu time that its processes ran
 * @param throttling how its {@code linux.resources.cpu.quota} held them back
 * @param cpuset the processors and memory that they may use; v1 only
 * @param pids how many processes and threads there are
 * @param blockIo what was read from and written to disks
 * @param hugetlb huge pages, by their size as in {@code linux.resources.hugepageLimits}: "2MB"
 * @param pressure for what its processes wait; v2 only, also beside v1
 */
public record CgroupStats(
        Optional<CpuUsage> cpu,
        Optional<Throttling> throttling,
        Optional<CpusetStats> cpuset,
        Optional<MemoryStats> memory,
        Optional<PidsStats> pids,
        BlockIoStats blockIo,
        Map<String, HugetlbStats> hugetlb,
        PressureStats pressure) {
    public CgroupStats {
        hugetlb = new TreeMap<>(hugetlb);
    }
}
