// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.List;

/**
 * The processors and memory that processes may use, and the flags beside them. cpuset(7) explains
 * each.
 *
 * @param cpus numbers, ascending
 * @param memoryNodes numbers, ascending
 * @param memoryPressure how often memory had to be freed for them, in thousandths per second
 * @param relaxDomainLevel how far tasks are moved to balance load; -1: as the system does
 */
public record CpusetStats(
        List<Integer> cpus,
        List<Integer> memoryNodes,
        boolean cpuExclusive,
        boolean memHardwall,
        boolean memExclusive,
        boolean memoryMigrate,
        boolean memorySpreadPage,
        boolean memorySpreadSlab,
        boolean loadBalance,
        long memoryPressure,
        int relaxDomainLevel) {
    public CpusetStats {
        cpus = List.copyOf(cpus);
        memoryNodes = List.copyOf(memoryNodes);
    }
}
