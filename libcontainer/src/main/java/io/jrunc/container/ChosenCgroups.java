// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.SystemdManager;
import io.jrunc.cgroup.systemd.HostUid;
import io.jrunc.container.model.Cgroups;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import java.io.File;
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
                    case SYSTEMD -> CgroupManager.systemd(inside, systemd(host));
                    case NONE -> CgroupManager.disabled();
                });
    }

    private static SystemdManager systemd(Host host) {
        if (!new File("/run/systemd/system").exists()) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "systemd does not run here; start it, or choose Cgroups.CGROUPFS");
        }
        return Host.isPrivileged()
                ? SystemdManager.system(ChosenCgroups::variable)
                : SystemdManager.user(HostUid.own(), host.hierarchies(), ChosenCgroups::variable);
    }

    private static String variable(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "");
    }
}
