// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Has the user's systemd put the stage into the container's unit: from a log-in session, which lies
 * elsewhere, the kernel would not let the user do that. cgroups(7), "Delegation containment".
 *
 * @param below the path from the unit's cgroup down, "" for itself: one with processes cannot hand
 *     controllers on
 */
public record AttachToUnit(SystemdUnit unit, String below) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "have systemd put the stage into " + unit.name();
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    @Override
    public void apply(SetupContext context) {
        SystemdUnits.ask(
                context, unit, systemd -> systemd.attach(unit.name(), below, context.stagePid()));
    }
}
