// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import io.jrunc.linux.Strings;
import java.util.ArrayList;
import java.util.List;

/**
 * Ids of the host for a user namespace that are probably unused. They are taken from the range that
 * systemd reserves for containers, in blocks of 65536. The bundle's directory determines the block:
 * the same one each time, so that the container keeps its files; normally a different one for
 * another bundle. Blocks that overlap with the ids of ordinary users are skipped. Source: systemd,
 * UIDS-GIDS.md; subuid(5).
 */
public final class UnusedIds {
    /** Ids in a block. */
    public static final long COUNT = 65536;

    private static final long FIRST = 0x8_0000;
    private static final long LAST = 0x6fff_ffff;
    private static final int BLOCKS = (int) ((LAST + 1 - FIRST) / COUNT);

    private UnusedIds() {}

    /** Returns the first id of the block for the bundle in {@code directory}. */
    public static long startFor(String directory) {
        return startFor(
                directory,
                Strings.ofFileIfReadable("/etc/subuid")
                        + "\n"
                        + Strings.ofFileIfReadable("/etc/subgid"));
    }

    /** Returns the same; {@code taken} is in the form of subuid(5). */
    static long startFor(String directory, String taken) {
        List<SubordinateIds> ranges = ranges(taken);
        int block = Math.floorMod(directory.hashCode(), BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            long start = FIRST + (block + i) % BLOCKS * COUNT;
            if (ranges.stream().noneMatch(range -> overlaps(range, start))) {
                return start;
            }
        }
        return FIRST + block * COUNT; // all are in use
    }

    private static boolean overlaps(SubordinateIds range, long start) {
        return range.first() < start + COUNT && start < range.first() + range.count();
    }

    private static List<SubordinateIds> ranges(String taken) {
        List<SubordinateIds> ranges = new ArrayList<>();
        for (String line : taken.split("\n", -1)) {
            SubordinateIds.ofLine(line).ifPresent(ranges::add);
        }
        return ranges;
    }
}
