package io.jrunc.cgroup;

import io.jrunc.linux.Kernel;

/** A new v1 cpuset has neither processors nor memory nodes: it gets its parent's. cpuset(7). */
final class V1Cpuset {
    private static final String[] FILES = {"cpuset.cpus", "cpuset.mems"};

    private V1Cpuset() {}

    static void inherit(Kernel kernel, String mountPoint, String path) {
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
