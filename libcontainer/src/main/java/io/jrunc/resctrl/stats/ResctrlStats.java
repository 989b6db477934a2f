// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl.stats;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How caches and memory bandwidth are shared out, and what was measured. Source: kernel
 * documentation, filesystems/resctrl.
 *
 * @param l3Cache absent: this machine cannot share out its L3 caches
 * @param memoryBandwidth absent: this machine cannot share out its memory bandwidth
 * @param monitored for each L3 cache, in the kernel's order; empty: nothing is measured
 */
public record ResctrlStats(
        Optional<L3Cache> l3Cache,
        Optional<MemoryBandwidth> memoryBandwidth,
        List<Monitored> monitored) {
    public ResctrlStats {
        monitored = List.copyOf(monitored);
    }

    /**
     * The L3 caches.
     *
     * @param cbmMask hexadecimal digits: the parts there are
     * @param minCbmBits how many parts a group has at least
     * @param numClosids how many groups there may be
     * @param rootSchema the line of the file schemata for processes in no group; may be empty
     * @param schema that of the container's group; may be empty
     */
    public record L3Cache(
            String cbmMask, long minCbmBits, long numClosids, String rootSchema, String schema) {}

    /**
     * The memory bandwidth.
     *
     * @param bandwidthGran steps in which it is shared out, percent
     * @param delayLinear 1 if the steps are even
     * @param minBandwidth what a group has at least, percent
     * @param numClosids how many groups there may be
     * @param rootSchema the line of the file schemata for processes in no group; may be empty
     * @param schema that of the container's group; may be empty
     */
    public record MemoryBandwidth(
            long bandwidthGran,
            long delayLinear,
            long minBandwidth,
            long numClosids,
            String rootSchema,
            String schema) {}

    /**
     * What was measured at one L3 cache; absent: this machine cannot measure it.
     *
     * @param totalBytes transferred from and to memory
     * @param localBytes of these, memory that belongs to the same processors
     * @param occupancyBytes that the container has in the cache now
     */
    public record Monitored(
            OptionalLong totalBytes, OptionalLong localBytes, OptionalLong occupancyBytes) {}
}
