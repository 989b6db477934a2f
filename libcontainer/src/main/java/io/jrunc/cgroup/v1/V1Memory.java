// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import java.util.Map;
import java.util.Optional;

/** What the v1 controller of memory counts. Source: kernel documentation, cgroup-v1/memory. */
public final class V1Memory {
    private V1Memory() {}

    /** Returns all of it; absent without the controller. */
    public static Optional<MemoryStats> read(CgroupFiles files) {
        Optional<MemoryCounter> usage = counter(files, "memory");
        if (usage.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> details = files.table("memory.stat");
        return Optional.of(
                new MemoryStats(
                        details.getOrDefault("cache", 0L),
                        usage.get(),
                        counter(files, "memory.memsw"),
                        counter(files, "memory.kmem"),
                        counter(files, "memory.kmem.tcp"),
                        details,
                        files.table("memory.oom_control").getOrDefault("oom_kill", 0L)));
    }

    private static Optional<MemoryCounter> counter(CgroupFiles files, String name) {
        return files.has(name + ".usage_in_bytes")
                ? Optional.of(
                        new MemoryCounter(
                                files.number(name + ".usage_in_bytes"),
                                files.numberIfThere(name + ".max_usage_in_bytes"),
                                files.number(name + ".limit_in_bytes"),
                                files.number(name + ".failcnt")))
                : Optional.empty();
    }
}
