// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.stats.Usage;
import io.jrunc.linux.Kernel;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads what a container has used in a handful of system calls: {@link ReadStats} reads all that
 * the kernel counts.
 *
 * @param cgroups directories by v1 controller, "" for v2
 */
public record ReadUsage(Kernel kernel, Map<String, String> cgroups) {
    private static final long NANOS_PER_MICRO = 1000;

    /** Returns the numbers of now. */
    public Usage now() {
        return new Usage(peak(), cpu(), oomKills(), refusedTasks());
    }

    private OptionalLong peak() {
        OptionalLong v1 = line("memory", "memory.max_usage_in_bytes", "");
        return v1.isPresent() ? v1 : line("", "memory.peak", "");
    }

    private OptionalLong cpu() {
        OptionalLong v1 = line("cpuacct", "cpuacct.usage", "");
        if (v1.isPresent()) {
            return v1;
        }
        OptionalLong v2 = line("", "cpu.stat", "usage_usec ");
        return v2.isPresent() ? OptionalLong.of(v2.getAsLong() * NANOS_PER_MICRO) : v2;
    }

    private long oomKills() {
        OptionalLong v1 = line("memory", "memory.oom_control", "oom_kill ");
        return v1.isPresent() ? v1.getAsLong() : line("", "memory.events", "oom_kill ").orElse(0);
    }

    private long refusedTasks() {
        OptionalLong v1 = line("pids", "pids.events", "max ");
        return v1.isPresent() ? v1.getAsLong() : line("", "pids.events", "max ").orElse(0);
    }

    /** Returns the number after {@code name}; absent without the cgroup, the file or the line. */
    private OptionalLong line(String key, String file, String name) {
        String directory = cgroups.get(key);
        if (directory == null) {
            return OptionalLong.empty();
        }
        String text = CgroupRemoval.readIfThere(kernel, directory + "/" + file);
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(name) && !line.isEmpty()) {
                return OptionalLong.of(Long.parseLong(line.substring(name.length())));
            }
        }
        return OptionalLong.empty();
    }
}
