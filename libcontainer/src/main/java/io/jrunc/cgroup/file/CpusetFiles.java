// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.spec.Cpu;

/** Which processors and memory nodes a cgroup may use: the files are the same in v1 and v2. */
public final class CpusetFiles {
    private CpusetFiles() {}

    /** Writes what {@code linux.resources.cpu} names; absent or empty: as it is. cpuset(7). */
    public static void write(CgroupDir dir, Cpu cpu) {
        if (!cpu.cpus().orElse("").isEmpty()) {
            dir.write("cpuset.cpus", cpu.cpus().get());
        }
        if (!cpu.mems().orElse("").isEmpty()) {
            dir.write("cpuset.mems", cpu.mems().get());
        }
    }
}
