// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.testkit.RecordingKernel;
import org.junit.jupiter.api.Test;

/** A tree that changes while it is walked: others remove cgroups, too. */
class CgroupTreeTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private int seen;

    private boolean see(Fd cgroup) {
        seen++;
        return false;
    }

    @Test
    void cgroupThatIsRemovedWhileItIsListedHasNoneBelow() {
        kernel.fail("getdents64", Errno.ENOENT);

        new CgroupTree(kernel, "/sys/fs/cgroup/web1").leavesFirst(this::see);

        assertEquals(1, seen);
    }

    @Test
    void otherErrorsAreReported() {
        kernel.fail("getdents64", Errno.EIO);

        CgroupTree tree = new CgroupTree(kernel, "/sys/fs/cgroup/web1");

        assertThrows(Failure.class, () -> tree.leavesFirst(this::see));
    }
}
