// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.linux.Failure;
import io.jrunc.setup.Actor;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.Map;

/**
 * Has systemd make the container's unit, with the stage in it: there is no scope without a process.
 * So what the set-up needs is charged to the container, unlike with the cgroupfs driver.
 *
 * @param path of the unit's cgroup below the mount points
 * @param v2 whether there is nothing but cgroup v2
 */
public record StartUnit(
        SystemdUnit unit,
        String path,
        Map<String, String> annotations,
        Resources resources,
        boolean v2)
        implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "have systemd start " + unit.name() + " in " + unit.slice();
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    @Override
    public void apply(SetupContext context) {
        SystemdUnits.ask(context, unit, systemd -> start(context, systemd));
    }

    private void start(SetupContext context, Systemd systemd) {
        List<UnitProperty> properties =
                UnitProperties.create(
                        unit, context.stagePid(), annotations, resources, systemd.version(), v2);
        systemd.start(unit.name(), properties);
        if (unit.isSlice()) {
            context.rollback().push(new StopSlice(unit)); // a scope ends with its last process
        }
        String actual = systemd.cgroup(unit.name());
        if (!actual.equals(path)) {
            throw Failure.of(
                    Failure.Code.SYSTEMD,
                    "systemd put "
                            + unit.name()
                            + " at "
                            + actual
                            + ", and not at "
                            + path
                            + ": is another systemd in charge of this cgroup?");
        }
    }

    private record StopSlice(SystemdUnit unit) implements Rollback.Action {
        @Override
        public void undo() {
            SystemdUnits.remove(unit);
        }
    }

    /** Returns the limits while the stage is there beside init: one task more must fit. */
    public static Resources withStage(CgroupSetup cgroups) {
        return LimitTasks.roomForTwo(cgroups.resources());
    }
}
