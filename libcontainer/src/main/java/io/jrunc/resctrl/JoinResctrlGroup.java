package io.jrunc.resctrl;

import io.jrunc.plan.Actor;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

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
    public void apply(Scene scene) {
        Resctrl resctrl = new Resctrl(scene.runtime().files(), group.mountPoint());
        String pid = Integer.toString(scene.initPid());
        resctrl.write(group.directory() + "/tasks", pid);
        // Only who is in a group can be in one of its monitoring groups.
        if (group.monitoring().isPresent()) {
            resctrl.write(group.monitoring().get() + "/tasks", pid);
        }
    }
}
