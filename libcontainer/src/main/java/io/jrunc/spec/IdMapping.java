// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One line of a uid or gid map. Source: runtime-spec config-linux.md#user-namespace-mappings,
 * user_namespaces(7).
 *
 * @param containerId the first id inside, 0 to 4294967295
 * @param hostId the first id outside, 0 to 4294967295
 * @param size how many ids, 1 to 4294967295
 */
public record IdMapping(long containerId, long hostId, long size) {
    public IdMapping {
        Ranges.check("containerID", containerId, 0, Ranges.UINT32_MAX);
        Ranges.check("hostID", hostId, 0, Ranges.UINT32_MAX);
        Ranges.check("size", size, 1, Ranges.UINT32_MAX);
    }

    /**
     * Returns what the outside calls an id of the inside; absent if {@code mappings} do not have
     * it.
     */
    public static OptionalLong outside(List<IdMapping> mappings, long id) {
        for (IdMapping mapping : mappings) {
            long offset = id - mapping.containerId;
            if (offset >= 0 && offset < mapping.size) {
                return OptionalLong.of(mapping.hostId + offset);
            }
        }
        return OptionalLong.empty();
    }

    /** Returns what {@code /proc/PID/uid_map} says, a line each: inside, outside, count. */
    public static List<IdMapping> parse(String lines) {
        List<IdMapping> mappings = new ArrayList<>();
        for (String line : lines.split("\n", -1)) {
            String[] words = line.strip().split(" +", -1);
            if (words.length == 3) {
                mappings.add(
                        new IdMapping(
                                Long.parseLong(words[0]),
                                Long.parseLong(words[1]),
                                Long.parseLong(words[2])));
            }
        }
        return mappings;
    }

    /** Returns the mappings as {@code /proc/PID/uid_map} takes them: inside, outside, count. */
    public static String lines(List<IdMapping> mappings) {
        StringBuilder lines = new StringBuilder();
        for (IdMapping mapping : mappings) {
            lines.append(mapping.containerId).append(' ');
            lines.append(mapping.hostId).append(' ');
            lines.append(mapping.size).append('\n');
        }
        return lines.toString();
    }
}
