// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.spec.Rdma;
import java.util.Map;

/** {@code linux.resources.rdma}: the same file in both versions. */
public final class RdmaController {
    private RdmaController() {}

    /** One line a device; what is absent of one stays as it is. */
    public static void apply(CgroupDir dir, Map<String, Rdma> devices) {
        devices.forEach((name, limits) -> dir.write("rdma.max", line(name, limits)));
    }

    private static String line(String name, Rdma limits) {
        StringBuilder line = new StringBuilder(name);
        limits.hcaHandles().ifPresent(handles -> line.append(" hca_handle=").append(handles));
        limits.hcaObjects().ifPresent(objects -> line.append(" hca_object=").append(objects));
        return line.toString();
    }
}
