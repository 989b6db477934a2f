// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.OomWatch;
import io.jrunc.cgroup.v1.V1OomWatch;
import io.jrunc.cgroup.v2.V2OomWatch;
import io.jrunc.linux.Kernel;
import java.util.Map;
import java.util.Optional;

/** Among a container's cgroups that whose controller limits memory. */
public final class MemoryCgroup {
    private static final String V1_FILE = "memory.oom_control";
    private static final String V2_FILE = "memory.events";

    private final Kernel kernel;
    private final String directory;
    private final boolean v2;

    private MemoryCgroup(Kernel kernel, String directory, boolean v2) {
        this.kernel = kernel;
        this.directory = directory;
        this.v2 = v2;
    }

    /**
     * Finds it; absent if memory is not controlled.
     *
     * @param cgroups directories by v1 controller, "" for v2
     */
    public static Optional<MemoryCgroup> of(Kernel kernel, Map<String, String> cgroups) {
        for (Map.Entry<String, String> cgroup : cgroups.entrySet()) {
            boolean v2 = cgroup.getKey().isEmpty();
            String file = cgroup.getValue() + "/" + (v2 ? V2_FILE : V1_FILE);
            if (kernel.files().exists(file)) {
                return Optional.of(new MemoryCgroup(kernel, cgroup.getValue(), v2));
            }
        }
        return Optional.empty();
    }

    /** Returns how many processes were killed in it, so far, because memory ran out. */
    public long oomKills() {
        return line(v2 ? V2_FILE : V1_FILE, "oom_kill ");
    }

    /**
     * Returns whether its limit was ever reached; the kernel may have found memory to take back.
     */
    public boolean isFull() {
        return line(v2 ? V2_FILE : "memory.failcnt", v2 ? "max " : "") > 0;
    }

    /** Returns the number after {@code name}; 0 if the cgroup is gone. */
    private long line(String file, String name) {
        String text = CgroupRemoval.readIfThere(kernel, directory + "/" + file);
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(name) && !line.isEmpty()) {
                return Long.parseLong(line.substring(name.length()));
            }
        }
        return 0;
    }

    /** Starts to watch for events that memory ran out. */
    public OomWatch watch() {
        return v2 ? V2OomWatch.on(kernel, directory) : V1OomWatch.on(kernel, directory);
    }
}
