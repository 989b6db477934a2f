// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.Optional;

/**
 * {@code linux.intelRdt}: a group of {@code /sys/fs/resctrl}. Source: runtime-spec
 * config-linux.md#intelrdt.
 *
 * @param closId the directory of the group, {@code /} for the root group; absent is the container's
 *     id
 * @param schemata lines for the file {@code schemata}, written after the two below
 * @param l3CacheSchema lines beginning with {@code L3}; absent writes none
 * @param memBwSchema a line beginning with {@code MB:}; absent writes none
 * @param enableMonitoring whether a monitoring group is made; absent is false
 */
public record IntelRdt(
        Optional<String> closId,
        List<String> schemata,
        Optional<String> l3CacheSchema,
        Optional<String> memBwSchema,
        boolean enableMonitoring) {
    public IntelRdt {
        schemata = List.copyOf(schemata);
    }
}
