package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/** Creates the working directory if the image has none, while the root can still be written. */
public record MakeDirectory(String path) implements Step {
    @Override
    public String title() {
        return "make sure that " + path + " exists";
    }

    @Override
    public String field() {
        return "process.cwd";
    }

    @Override
    public void apply(Scene scene) {
        try (Fd made = new Inside(scene.root()).directory(path)) {
            scene.init().flush();
            assert made.isOpen();
        }
    }
}
