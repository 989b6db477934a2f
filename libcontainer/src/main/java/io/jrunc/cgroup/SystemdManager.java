// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The systemd that is asked for cgroups: that of the machine, or that of a user.
 *
 * @param bus its D-Bus address
 * @param cgroup its own cgroup, below which it makes others; empty for the machine's
 * @param defaultSlice where units are that name no slice
 */
public record SystemdManager(String bus, String cgroup, String defaultSlice) {
    private static final String SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";

    /**
     * Returns the machine's manager.
     *
     * @param environment the caller's variables, "" for those that are not set
     */
    public static SystemdManager system(UnaryOperator<String> environment) {
        String bus = first(environment.apply("DBUS_SYSTEM_BUS_ADDRESS"));
        return new SystemdManager(bus.isEmpty() ? SYSTEM_BUS : bus, "", "system.slice");
    }

    /**
     * Returns the manager of user {@code uid}, with the cgroup that the machine's manager has
     * delegated.
     *
     * @param uid on the host
     */
    public static SystemdManager user(
            long uid, Hierarchies hierarchies, UnaryOperator<String> environment) {
        if (!hierarchies.isPureV2()) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "a user's systemd can only make cgroups where there is nothing but cgroup v2;"
                            + " choose Cgroups.CGROUPFS");
        }
        String bus = first(environment.apply("DBUS_SESSION_BUS_ADDRESS"));
        String runtime = environment.apply("XDG_RUNTIME_DIR");
        if (bus.isEmpty() && runtime.isEmpty()) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "the user's systemd cannot be found: neither DBUS_SESSION_BUS_ADDRESS nor"
                            + " XDG_RUNTIME_DIR is set; log in through systemd, or choose"
                            + " Cgroups.CGROUPFS");
        }
        return new SystemdManager(
                bus.isEmpty() ? "unix:path=" + runtime + "/bus" : bus,
                cgroupOf(uid, hierarchies.unified().orElseThrow().ownPath()),
                "user.slice");
    }

    /** Returns the first of several addresses. */
    private static String first(String addresses) {
        return addresses.split(";", 2)[0];
    }

    /** Above our own cgroup, if that systemd has started us; else where it always is. */
    private static String cgroupOf(long uid, String ownPath) {
        String service = "/user@" + uid + ".service";
        int at = (ownPath + "/").indexOf(service + "/");
        return at >= 0
                ? ownPath.substring(0, at) + service
                : "/user.slice/user-" + uid + ".slice" + service;
    }

    /**
     * Returns where {@code linux.cgroupsPath} puts a container: the unit, and its path everywhere.
     */
    Placed place(Optional<String> cgroupsPath, String id) {
        SystemdUnit unit = SystemdUnit.of(cgroupsPath, id, this);
        return new Placed(unit, cgroup + unit.path());
    }

    /**
     * A unit and its cgroup.
     *
     * @param path below the mount point of every hierarchy
     */
    record Placed(SystemdUnit unit, String path) {}
}
