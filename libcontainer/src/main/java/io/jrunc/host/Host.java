// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.linux.Strings;
import io.jrunc.validate.HostFacts;
import java.io.File;
import java.util.Optional;

/**
 * What this host offers, read once.
 *
 * @param hierarchies its cgroup file systems
 * @param resctrl where the resctrl file system is; absent: wherever this process sees it mounted
 */
public record Host(HostFacts facts, Hierarchies hierarchies, Optional<String> resctrl) {
    private static final int CAP_LAST_CAP_5_14 = 40;
    private static final String ALL_IDS = "4294967295";

    /** Reads what can be read without privileges. */
    public static Host read(boolean systemdCgroups) {
        return read(systemdCgroups, Hierarchies.OWN_CGROUPS);
    }

    /**
     * As {@link #read(boolean)}, for a caller in other cgroups than this process.
     *
     * @param cgroups the caller's /proc/PID/cgroup
     */
    public static Host read(boolean systemdCgroups, String cgroups) {
        Hierarchies hierarchies = Hierarchies.read(cgroups);
        HostFacts facts =
                new HostFacts(
                        effectiveUid() == 0,
                        new File("/sys/fs/selinux/enforce").exists(),
                        firstLine("/sys/module/apparmor/parameters/enabled").equals("Y"),
                        hierarchies.isPureV2(),
                        systemdCgroups,
                        lastCapability());
        return new Host(facts, hierarchies, Optional.empty());
    }

    private static int lastCapability() {
        String number = firstLine("/proc/sys/kernel/cap_last_cap");
        return number.isEmpty() ? CAP_LAST_CAP_5_14 : Integer.parseInt(number);
    }

    /** Returns the effective user of this process, from /proc/self/status. */
    public static int effectiveUid() {
        return effectiveId("Uid:");
    }

    /** Returns the effective group of this process. */
    public static int effectiveGid() {
        return effectiveId("Gid:");
    }

    /** Returns whether this process is in another user namespace than the host's first one. */
    public static boolean isInUserNamespace() {
        String[] map = firstLine("/proc/self/uid_map").strip().split(" +", -1);
        boolean identity =
                map.length == 3
                        && map[0].equals("0")
                        && map[1].equals("0")
                        && map[2].equals(ALL_IDS);
        return !identity;
    }

    /** Returns whether this process is root of the host. */
    public static boolean isPrivileged() {
        return effectiveUid() == 0 && !isInUserNamespace();
    }

    private static int effectiveId(String key) {
        for (String line : Strings.ofFileIfReadable("/proc/self/status").split("\n", -1)) {
            if (line.startsWith(key)) {
                return (int) Long.parseLong(line.split("\t", -1)[2]);
            }
        }
        return 0;
    }

    private static String firstLine(String file) {
        String text = Strings.ofFileIfReadable(file);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
