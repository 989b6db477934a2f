// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the v2 controller of memory counts. */
public final class V2Memory {
    private static final long UNLIMITED = -1;

    private V2Memory() {}

    /** Returns all of it; absent without the controller. */
    public static Optional<MemoryStats> read(CgroupFiles files) {
        if (!files.has("memory.current")) {
            return Optional.empty();
        }
        Map<String, Long> details = files.table("memory.stat");
        MemoryCounter usage =
                new MemoryCounter(
                        files.number("memory.current"),
                        files.numberIfThere("memory.peak"),
                        files.number("memory.max"),
                        0);
        return Optional.of(
                new MemoryStats(
                        details.getOrDefault("file", 0L),
                        usage,
                        withSwap(files, usage),
                        Optional.empty(),
                        Optional.empty(),
                        details,
                        files.table("memory.events").getOrDefault("oom_kill", 0L)));
    }

    /** v2 counts swap alone. The greatest sum is not the sum of the greatest. */
    private static Optional<MemoryCounter> withSwap(CgroupFiles files, MemoryCounter usage) {
        if (!files.has("memory.swap.current")) {
            return Optional.empty();
        }
        long swapLimit = files.number("memory.swap.max");
        long limit =
                usage.isLimited() && swapLimit != UNLIMITED
                        ? usage.limitBytes() + swapLimit
                        : UNLIMITED;
        return Optional.of(
                new MemoryCounter(
                        usage.bytes() + files.number("memory.swap.current"),
                        OptionalLong.empty(),
                        limit,
                        0));
    }
}
