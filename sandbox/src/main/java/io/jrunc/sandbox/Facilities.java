// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.cgroup.SettableControllers;
import io.jrunc.host.Host;
import java.io.File;
import java.util.List;
import java.util.Set;

/**
 * What this program can do on this host, read once.
 *
 * @param host with those cgroup hierarchies alone that a sandbox needs
 * @param settable the controllers whose limits can be set, by their v1 names
 */
record Facilities(Host host, boolean isPrivileged, Set<String> settable, boolean limitsSwap) {
    private static final List<String> LIMITED = List.of("memory", "pids", "cpu");

    /** On v1, each hierarchy costs time; the others limit and count nothing here. */
    private static final List<String> NEEDED =
            List.of("memory", "pids", "cpu", "cpuacct", "devices", "freezer");

    /** Looks. */
    static Facilities read() {
        Host all = Host.read(false);
        Hierarchies hierarchies = needed(all.hierarchies());
        Set<String> settable = SettableControllers.among(LIMITED, hierarchies);
        return new Facilities(
                new Host(all.facts(), hierarchies, all.resctrl()),
                Host.isPrivileged(),
                settable,
                limitsSwap(hierarchies));
    }

    private static Hierarchies needed(Hierarchies all) {
        if (all.isPureV2()) {
            return all;
        }
        return new Hierarchies(
                all.all().stream().filter(one -> NEEDED.stream().anyMatch(one::has)).toList());
    }

    private static boolean limitsSwap(Hierarchies hierarchies) {
        return hierarchies
                .of("memory")
                .map(Hierarchy::mountPoint)
                .map(v1 -> new File(v1, "memory.memsw.limit_in_bytes").exists())
                .orElse(new File("/proc/swaps").exists());
    }

    /** Returns what decides where a sandbox's cgroups are. */
    CgroupManager cgroups(Limits limits) {
        return settable.isEmpty() || limits == Limits.NONE
                ? CgroupManager.disabled()
                : CgroupManager.cgroupfs(Host.isInUserNamespace(), !isPrivileged);
    }
}
