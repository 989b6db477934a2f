// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.OptionalLong;

/**
 * {@code linux.resources.network}; only for cgroup v1. Source: runtime-spec
 * config-linux.md#network.
 *
 * @param classId the class of outgoing packets, 0 to 4294967295; absent leaves the file alone
 */
public record NetworkClass(OptionalLong classId, List<InterfacePriority> priorities) {
    /** No class and no priorities. */
    public static final NetworkClass NONE = new NetworkClass(OptionalLong.empty(), List.of());

    public NetworkClass {
        Ranges.check("linux.resources.network.classID", classId, 0, Ranges.UINT32_MAX);
        priorities = List.copyOf(priorities);
    }

    /**
     * A priority for one network interface.
     *
     * @param name of the interface, in the runtime's network namespace
     * @param priority 0 to 4294967295
     */
    public record InterfacePriority(String name, long priority) {
        public InterfacePriority {
            Ranges.check("priority", priority, 0, Ranges.UINT32_MAX);
        }
    }
}
