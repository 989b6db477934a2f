// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteSysctlsTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    WriteSysctlsTest() {
        context.setProc(Fd.of(kernel, 9, "proc"));
    }

    @Test
    void dotsSeparate() {
        assertEquals("sys/kernel/shm_rmid_forced", WriteSysctls.path("kernel.shm_rmid_forced"));
        assertEquals("sys/fs/mqueue/msg_max", WriteSysctls.path("fs.mqueue.msg_max"));
    }

    @Test
    void slashInADottedNameIsADot() {
        assertEquals(
                "sys/net/ipv4/conf/eth0.1/forwarding",
                WriteSysctls.path("net.ipv4.conf.eth0/1.forwarding"));
    }

    @Test
    void slashesSeparateIfTheyComeFirst() {
        assertEquals(
                "sys/net/ipv4/conf/eth0.1/forwarding",
                WriteSysctls.path("net/ipv4/conf/eth0.1/forwarding"));
    }

    @Test
    void controlIsWrittenThroughThePrivateProcfsWithoutFollowingAnything() {
        new WriteSysctls(Map.of("kernel.msgmax", "5")).apply(context);

        assertEquals(
                List.of(
                        "openat2(9<proc>, \"sys/kernel/msgmax\", {flags=O_WRONLY|O_CLOEXEC,"
                                + " resolve=RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH},"
                                + " 24)",
                        "write(100<proc/sys/kernel/msgmax>, \"5\", 1)"),
                kernel.calls());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void controlThatIsMissingIsReportedByItsName() {
        kernel.fail("openat2", Errno.ENOENT);
        WriteSysctls step = new WriteSysctls(Map.of("net.no.such", "1"));

        Failure failure = assertThrows(Failure.class, () -> step.apply(context));

        assertEquals(
                "linux.sysctl.net.no.such: no such file or directory"
                        + " (this kernel has no such control; see sysctl -a for those it has)",
                failure.getMessage());
    }

    @Test
    void valueThatIsRefusedIsShown() {
        kernel.fail("write", Errno.EINVAL);
        WriteSysctls step = new WriteSysctls(Map.of("kernel.msgmax", "x"));

        Failure failure = assertThrows(Failure.class, () -> step.apply(context));

        assertEquals(
                "linux.sysctl.kernel.msgmax: write x to proc/sys/kernel/msgmax: EINVAL",
                failure.getMessage());
    }
}
