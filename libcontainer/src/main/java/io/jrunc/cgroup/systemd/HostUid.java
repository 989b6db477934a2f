// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.linux.Strings;

/** This process's uid as a bus outside of its user namespace sees it. user_namespaces(7). */
final class HostUid {
    private HostUid() {}

    /** This process's effective user, as the parent of its user namespace sees it. */
    static long own() {
        long uid = 0;
        for (String line : Strings.ofFile("/proc/self/status").split("\n", -1)) {
            if (line.startsWith("Uid:")) {
                uid = Long.parseLong(line.split("\t", -1)[2]);
            }
        }
        return outside(uid, Strings.ofFile("/proc/self/uid_map"));
    }

    static long outside(long uid, String map) {
        for (String line : map.split("\n", -1)) {
            String[] numbers = line.strip().split(" +", -1);
            if (numbers.length == 3) {
                long offset = uid - Long.parseLong(numbers[0]);
                if (offset >= 0 && offset < Long.parseLong(numbers[2])) {
                    return Long.parseLong(numbers[1]) + offset;
                }
            }
        }
        return uid;
    }
}
