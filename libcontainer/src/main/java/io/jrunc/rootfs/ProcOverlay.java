// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import java.util.Set;

/**
 * What may lie over a file of /proc. A mount over anything else there could redirect what the
 * runtime writes: labels, system controls (CVE-2019-16884, CVE-2019-19921).
 */
final class ProcOverlay {
    private static final String PROC = "/proc";
    private static final Set<String> ALLOWED =
            Set.of(
                    "/proc/cpuinfo",
                    "/proc/diskstats",
                    "/proc/meminfo",
                    "/proc/stat",
                    "/proc/swaps",
                    "/proc/uptime",
                    "/proc/loadavg",
                    "/proc/slabinfo",
                    "/proc/sys/kernel/ns_last_pid",
                    "/proc/sys/crypto/fips_enabled");

    private ProcOverlay() {}

    /**
     * Refuses what must not be mounted at this path, whatever is there.
     *
     * @param proc whether it is a whole procfs
     */
    static void check(String destination, boolean proc) {
        if (destination.equals(PROC) && !proc) {
            throw Failure.of(
                    Failure.Code.MOUNT_TARGET,
                    "\"" + destination + "\" cannot be mounted because it is not of type proc");
        }
        if (destination.startsWith(PROC + "/")) {
            checkInside(destination, false);
        }
    }

    /** Refuses what must not be mounted on a procfs, wherever a link has led. */
    static void checkInside(String destination, boolean proc) {
        boolean whole = proc && destination.equals(PROC);
        if (!whole && !ALLOWED.contains(destination)) {
            throw Failure.of(
                    Failure.Code.MOUNT_TARGET,
                    "\"" + destination + "\" cannot be mounted because it is inside /proc");
        }
    }
}
