// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Source: proc(5), /proc/PID/mountinfo. */
class MoveRootTest {
    private static final String MOUNTS =
            """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw
            24 22 0:22 / /sys rw,nosuid - sysfs sysfs rw
            25 23 0:21 /sys /proc/sys ro - proc proc rw
            26 22 0:23 / /srv/my\\040proc rw master:3 propagate_from:4 - proc proc rw
            27 22 8:1 /bundle/rootfs /bundle/rootfs rw - ext4 /dev/sda1 rw
            28 27 0:24 / /bundle/rootfs/proc rw - proc proc rw
            29 22 0:25 / /bundle/rootfs2/proc rw - proc proc rw
            """;

    @Test
    void onlyWholeOnesOutsideTheRootAreFound() {
        assertEquals(
                List.of("/proc", "/sys", "/srv/my proc", "/bundle/rootfs2/proc"),
                MoveRoot.wholeKernelMounts(MOUNTS, "/bundle/rootfs"));
    }
}
