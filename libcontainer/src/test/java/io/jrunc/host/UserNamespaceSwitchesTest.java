// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserNamespaceSwitchesTest {
    private final Map<String, String> files =
            new HashMap<>(
                    Map.of(
                            "/proc/sys/user/max_user_namespaces", "100\n",
                            "/proc/sys/kernel/unprivileged_userns_clone", "1\n",
                            "/proc/self/attr/current", "unconfined\n"));

    private UserNamespaceSwitches of(boolean root) {
        return new UserNamespaceSwitches(file -> files.getOrDefault(file, ""), root);
    }

    private String said(Failure failure) {
        return of(false).explained(failure).getMessage();
    }

    @Test
    void limitOfZeroCountsForRootToo() {
        files.put("/proc/sys/user/max_user_namespaces", "0\n");

        assertEquals(Optional.of("sysctl user.max_user_namespaces=10000"), of(true).remedy());
        assertEquals("0", of(true).max());
        assertEquals(
                "unshare NEWUSER: ENOSPC (this host refuses user namespaces: sysctl"
                        + " user.max_user_namespaces=10000)",
                said(Failure.syscall("unshare", "NEWUSER", Errno.ENOSPC, "a limit is reached")));
    }

    @Test
    void debiansSwitchCountsForOthersThanRoot() {
        files.put("/proc/sys/kernel/unprivileged_userns_clone", "0\n");

        assertEquals(Optional.empty(), of(true).remedy());
        assertEquals(
                "unshare NEWUSER: EPERM (this host refuses user namespaces: sysctl"
                        + " kernel.unprivileged_userns_clone=1)",
                said(Failure.syscall("unshare", "NEWUSER", Errno.EPERM, "")));
    }

    @Test
    void appArmorRestrictsOnlyUnconfinedProcesses() {
        files.put("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertEquals(
                "setresgid 0 0 0: EPERM (this host refuses user namespaces: sysctl"
                        + " kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile"
                        + " for jrunc with the rule userns)",
                said(Failure.syscall("setresgid", "0 0 0", Errno.EPERM, "")));
        assertEquals(Optional.empty(), of(true).remedy());

        files.put("/proc/self/attr/current", "jrunc (unconfined)\n");

        assertEquals(Optional.empty(), of(false).remedy());
    }

    @Test
    void otherFailuresStayAsTheyAre() {
        Failure denied = Failure.syscall("mount", "/proc", Errno.EPERM, "");
        assertSame(denied, of(false).explained(denied));
        files.put("/proc/sys/user/max_user_namespaces", "0\n");
        Failure missing = Failure.syscall("open", "/x", Errno.ENOENT, "");

        assertSame(missing, of(false).explained(missing));
    }
}
