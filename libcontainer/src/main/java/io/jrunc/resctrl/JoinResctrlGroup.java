// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Puts init into its resctrl group, before it runs anything of the container's. */
public record JoinResctrlGroup(ResctrlGroup group) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "put init into the resctrl group "
                + group.directory()
                + group.monitoring().map(path -> " and measure it in " + path).orElse("");
    }

    @Override
    public String field() {
        return "linux.intelRdt";
    }

    @Override
    public void apply(SetupContext context) {
        join(context.runtime(), context.initPid());
    }

    /** Puts a process there, from which its children inherit the group. */
    public void join(Kernel runtime, int process) {
        Resctrl resctrl = new Resctrl(runtime.files(), group.mountPoint());
        String pid = Integer.toString(process);
        resctrl.write(group.directory() + "/tasks", pid);
        // A task must be in a group to join one of its monitoring groups.
        if (group.monitoring().isPresent()) {
            resctrl.write(group.monitoring().get() + "/tasks", pid);
        }
    }
}
