// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.UpdateCgroups;
import io.jrunc.cgroup.systemd.LimitTasks;
import io.jrunc.host.Host;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Resources;
import io.jrunc.state.State;

/** The cgroups of a container that is restored. */
final class RestoreCgroups {
    private RestoreCgroups() {}

    /** Sets the limit of tasks, which criu would have exceeded. */
    static void limitTasks(SetupContext context, CgroupSetup cgroups, Host host, State state) {
        Pids limit = cgroups.resources().pids();
        if (limit.limit().isEmpty()) {
            return;
        }
        if (cgroups.unit().isPresent()) {
            Cgroup cgroup = cgroups.controlling("pids").orElseThrow();
            new LimitTasks(cgroups.unit().get(), cgroup, limit.limit().getAsLong()).apply(context);
        } else {
            new UpdateCgroups(context.runtime(), host.hierarchies(), state.cgroups())
                    .apply(Resources.NONE.withTasks(limit), false);
        }
    }

    /** Puts the stage there, from which criu(8) and the restored processes inherit them. */
    static void join(SetupContext context) {
        Kernel stage = context.stage();
        for (Fd tasks : context.cgroups().tasks()) {
            stage.files().write(tasks, "0");
        }
        if (context.cgroups().unified().isPresent()) {
            Fd directory = context.cgroups().unified().get();
            try (Fd processes =
                    context.runtime().files().openAt(directory, "cgroup.procs", OpenFlag.WRONLY)) {
                stage.files().write(processes, "0").result();
            }
        }
    }
}
