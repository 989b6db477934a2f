// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * {@code linux.memoryPolicy}: from which NUMA nodes memory comes. Source: runtime-spec
 * config-linux.md#memory-policy, set_mempolicy(2).
 *
 * @param nodes a list such as {@code 0-3,7}; absent is none
 */
public record MemoryPolicy(
        MemoryPolicyMode mode, Optional<String> nodes, List<MemoryPolicyFlag> flags) {
    /** The greatest number of a node: {@code MAX_NUMNODES} - 1. Source: linux/numa.h. */
    public static final int LAST_NODE = 1023;

    public MemoryPolicy {
        flags = List.copyOf(flags);
    }

    /** Returns the numbers of the nodes. */
    public BitSet nodeNumbers() {
        return nodes.isEmpty()
                ? new BitSet()
                : NumberList.parse("linux.memoryPolicy.nodes", nodes.get(), LAST_NODE);
    }
}
