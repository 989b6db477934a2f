// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Memory of a container.
 *
 * @param cacheBytes of files, which the kernel takes back when it needs memory
 * @param usage all of its memory
 * @param withSwap memory and swap together; absent if the kernel does not count swap
 * @param kernel the kernel's memory for it; v1 only
 * @param kernelTcp buffers of its TCP connections; v1 only
 * @param details the numbers of {@code memory.stat}, by the kernel's names, bytes as a rule
 * @param oomKills how many processes were killed because memory ran out
 */
public record MemoryStats(
        long cacheBytes,
        MemoryCounter usage,
        Optional<MemoryCounter> withSwap,
        Optional<MemoryCounter> kernel,
        Optional<MemoryCounter> kernelTcp,
        Map<String, Long> details,
        long oomKills) {
    public MemoryStats {
        details = new TreeMap<>(details);
    }
}
