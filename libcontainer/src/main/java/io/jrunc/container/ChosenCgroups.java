// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.systemd.HostSystemd;
import io.jrunc.container.model.Cgroups;
import io.jrunc.host.Host;
import java.util.Objects;

/**
 * What a program that embeds the library has on this host, with the cgroups that it has chosen.
 *
 * @param host read now
 */
record ChosenCgroups(Host host, CgroupManager manager) {
    static ChosenCgroups of(Cgroups choice) {
        Host host = Host.read(choice == Cgroups.SYSTEMD);
        boolean inside = Host.isInUserNamespace();
        return new ChosenCgroups(
                host,
                switch (choice) {
                    case CGROUPFS -> CgroupManager.cgroupfs(inside, !Host.isPrivileged());
                    case SYSTEMD ->
                            CgroupManager.systemd(
                                    inside,
                                    HostSystemd.manager(
                                            Host.isPrivileged(),
                                            host.hierarchies(),
                                            ChosenCgroups::variable));
                    case NONE -> CgroupManager.disabled();
                });
    }

    private static String variable(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "");
    }
}
