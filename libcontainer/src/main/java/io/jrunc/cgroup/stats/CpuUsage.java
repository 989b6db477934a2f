// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.List;

/**
 * Time that processes ran, in nanoseconds. The lists have an element for each possible processor;
 * they are empty on v2, which does not distinguish them.
 *
 * @param user in programs; counted by another clock than the total, so the parts may not add up
 * @param kernel in the kernel for them
 */
public record CpuUsage(
        long total,
        long user,
        long kernel,
        List<Long> perCpu,
        List<Long> perCpuUser,
        List<Long> perCpuKernel) {
    public CpuUsage {
        perCpu = List.copyOf(perCpu);
        perCpuUser = List.copyOf(perCpuUser);
        perCpuKernel = List.copyOf(perCpuKernel);
    }
}
