// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Resources;
import java.util.function.Consumer;

/** What systemd is asked to do with the units of containers. */
public final class SystemdUnits {
    private SystemdUnits() {}

    /** Has a step ask the systemd that is in charge of the unit; a dry run asks nothing. */
    static void ask(SetupContext context, SystemdUnit unit, Consumer<Systemd> request) {
        context.exchange(() -> ask(unit, request));
    }

    private static void ask(SystemdUnit unit, Consumer<Systemd> request) {
        try (Systemd systemd = SystemdBus.connect(unit.bus())) {
            request.accept(systemd);
        }
    }

    /**
     * Tells systemd of new limits, so that it does not go back to the old ones.
     *
     * @param devices whether its rules about devices are new
     * @param v2 whether there is nothing but cgroup v2
     */
    public static void update(SystemdUnit unit, Resources resources, boolean devices, boolean v2) {
        ask(
                unit,
                systemd ->
                        systemd.set(
                                unit.name(),
                                UnitProperties.limits(resources, systemd.version(), v2, devices)));
    }

    /** Ends a unit whose processes have ended; that it is not there is fine. */
    public static void remove(SystemdUnit unit) {
        ask(unit, systemd -> systemd.remove(unit.name()));
    }
}
