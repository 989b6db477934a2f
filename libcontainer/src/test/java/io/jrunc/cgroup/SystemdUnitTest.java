// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which unit linux.cgroupsPath means, and where its cgroup is. */
class SystemdUnitTest {
    private static final SystemdManager SYSTEM = SystemdManager.system(name -> "");

    private static Hierarchies below(String ownPath) {
        return new Hierarchies(List.of(new Hierarchy(List.of(), "/sys/fs/cgroup", ownPath)));
    }

    private static SystemdManager user(String ownPath) {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");
        return SystemdManager.user(
                1000, below(ownPath), name -> environment.getOrDefault(name, ""));
    }

    private static String path(SystemdManager manager, String cgroupsPath) {
        return manager.place(Optional.of(cgroupsPath), "web1").path();
    }

    @Test
    void withoutAPathTheScopeIsNamedAfterTheContainer() {
        assertEquals(
                "/system.slice/jrunc-web1.scope", SYSTEM.place(Optional.empty(), "web1").path());
        assertEquals("/system.slice/jrunc-web1.scope", path(SYSTEM, ""));
    }

    @Test
    void slicesAreNestedByTheirNames() {
        assertEquals("/a.slice/a-b.slice/a-b-c.slice/p-n.scope", path(SYSTEM, "a-b-c.slice:p:n"));
        assertEquals("/p-n.scope", path(SYSTEM, "-.slice:p:n"));
        assertEquals("/p-n.scope", path(SYSTEM, "-:p:n"));
        assertEquals("/system.slice/n.scope", path(SYSTEM, "::n"));
        assertEquals("/a.slice/a-b.slice", path(SYSTEM, "system.slice:p:a-b.slice"));
    }

    @Test
    void userUnitsAreBelowTheUsersSystemd() {
        String service = "/user.slice/user-1000.slice/user@1000.service";

        assertEquals(
                service + "/user.slice/jrunc-web1.scope",
                path(user("/user.slice/user-1000.slice/session-2.scope"), ""));
        assertEquals(
                "/odd/user@1000.service/app.slice/p-n.scope",
                path(user("/odd/user@1000.service/app.slice/x.scope"), "app.slice:p:n"));
    }

    @Test
    void bussesComeFromTheEnvironment() {
        assertEquals("unix:path=/run/dbus/system_bus_socket", SYSTEM.bus());
        assertEquals("unix:path=/x", SystemdManager.system(name -> "unix:path=/x;tcp:y").bus());
        assertEquals("unix:path=/run/user/1000/bus", user("/").bus());
        Failure failure =
                assertThrows(
                        Failure.class, () -> SystemdManager.user(1000, below("/"), name -> ""));
        assertEquals(
                "the user's systemd cannot be found: neither DBUS_SESSION_BUS_ADDRESS nor"
                        + " XDG_RUNTIME_DIR is set; log in through systemd, or choose"
                        + " Cgroups.CGROUPFS",
                failure.getMessage());
    }
}
