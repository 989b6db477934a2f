// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.spec.NetworkClass;

/** {@code linux.resources.network}. Source: kernel documentation, net_cls and net_prio. */
final class NetworkControllers {
    private NetworkControllers() {}

    static void classify(CgroupDir dir, NetworkClass network) {
        if (network.classId().orElse(0) != 0) {
            dir.write("net_cls.classid", Long.toString(network.classId().getAsLong()));
        }
    }

    static void prioritise(CgroupDir dir, NetworkClass network) {
        for (NetworkClass.InterfacePriority one : network.priorities()) {
            dir.write("net_prio.ifpriomap", one.name() + " " + one.priority());
        }
    }
}
