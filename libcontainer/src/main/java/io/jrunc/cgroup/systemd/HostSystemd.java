// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.SystemdManager;
import io.jrunc.linux.Failure;
import java.io.File;
import java.util.function.UnaryOperator;

/** The systemd of this host. */
public final class HostSystemd {
    private HostSystemd() {}

    /**
     * Returns the systemd that may make cgroups for this user: that of the machine for root of the
     * host, else that of the user. A {@link Failure} if there is none. sd_booted(3)
     *
     * @param environment the caller's variables, "" for those that are not set
     */
    public static SystemdManager manager(
            boolean privileged, Hierarchies hierarchies, UnaryOperator<String> environment) {
        if (!new File("/run/systemd/system").exists()) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "systemd does not run here; start it, or choose Cgroups.CGROUPFS");
        }
        return privileged
                ? SystemdManager.system(environment)
                : SystemdManager.user(HostUid.own(), hierarchies, environment);
    }
}
