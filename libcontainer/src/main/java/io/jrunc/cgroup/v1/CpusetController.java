// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Kernel;

/** The v1 controller of processors and memory nodes. cpuset(7). */
public final class CpusetController {
    private static final String[] FILES = {"cpuset.cpus", "cpuset.mems"};

    private CpusetController() {}

    /** A new cpuset has neither processors nor memory nodes: it gets its parent's. */
    public static void inherit(Kernel kernel, String mountPoint, String path) {
        int slash = path.lastIndexOf('/');
        String parent = slash < 0 ? mountPoint : mountPoint + "/" + path.substring(0, slash);
        try (CgroupDir from = CgroupDir.open(kernel, parent);
                CgroupDir to = CgroupDir.open(kernel, mountPoint + "/" + path)) {
            for (String file : FILES) {
                if (to.read(file).isEmpty()) {
                    String inherited = from.read(file);
                    if (!inherited.isEmpty()) {
                        to.write(file, inherited);
                    }
                }
            }
        }
    }
}
