package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.spec.Resources;

/** Units of containers that exist. */
public final class SystemdUnits {
    private SystemdUnits() {}

    /**
     * Tells systemd of new limits, so that it does not go back to the old ones.
     *
     * @param v2 whether there is nothing but cgroup v2
     */
    public static void update(SystemdUnit unit, Resources resources, boolean v2) {
        try (Systemd systemd = SystemdBus.connect(unit.bus())) {
            systemd.set(unit.name(), UnitProperties.limits(resources, systemd.version(), v2));
        }
    }

    /** Ends a unit whose processes have ended; that it is not there is fine. */
    public static void remove(SystemdUnit unit) {
        try (Systemd systemd = SystemdBus.connect(unit.bus())) {
            systemd.remove(unit.name());
        }
    }
}
