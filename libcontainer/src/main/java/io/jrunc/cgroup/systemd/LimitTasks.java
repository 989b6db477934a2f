// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.OptionalLong;

/**
 * Sets the limit of tasks, which there was no room for while others were beside init.
 *
 * @param cgroup the one with the controller
 * @param limit -1 is no limit
 */
public record LimitTasks(SystemdUnit unit, Cgroup cgroup, long limit) implements Step {
    private static final long TWO = 2;

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "limit the tasks of " + unit.name() + " to " + (limit == 1 ? "one" : limit);
    }

    @Override
    public String field() {
        return "linux.resources.pids";
    }

    @Override
    public void apply(SetupContext context) {
        SystemdUnits.ask(
                context,
                unit,
                systemd -> systemd.set(unit.name(), List.of(UnitProperties.tasks(limit))));
        try (CgroupDir dir = CgroupDir.open(context.runtime(), cgroup.directory())) {
            dir.write("pids.max", limit == -1 ? "max" : Long.toString(limit));
        }
    }

    /** Returns whether there is a limit that leaves no room for a second task. */
    public static boolean isNeeded(Resources resources) {
        long limit = resources.pids().limit().orElse(TWO);
        return limit >= 0 && limit < TWO;
    }

    static Resources roomForTwo(Resources resources) {
        if (!isNeeded(resources)) {
            return resources;
        }
        return resources.withTasks(new Pids(OptionalLong.of(TWO)));
    }
}
