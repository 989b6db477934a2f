package io.jrunc.spec;

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
    public MemoryPolicy {
        flags = List.copyOf(flags);
    }
}
