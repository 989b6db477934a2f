package io.jrunc.process;

import io.jrunc.linux.OpenFlag;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/** Takes hold of the root of a container that is there already. */
public record EnterRoot() implements Step {
    @Override
    public String title() {
        return "look at the container from its root";
    }

    @Override
    public void apply(Scene scene) {
        scene.rootIs(scene.init().files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY));
    }
}
