package io.jrunc.lsm;

import io.jrunc.linux.Fd;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Has init ask for the program's label, which it gets with its next execve(2). So do startContainer
 * hooks, whose file is the image's. While nothing is given up yet, and before a filter that might
 * forbid it.
 */
public record SetLabel(Label label) implements Step {
    @Override
    public String title() {
        return "ask for the program's label " + label;
    }

    @Override
    public String field() {
        return label.kind().field();
    }

    @Override
    public void apply(Scene scene) {
        String file = label.kind().file();
        try (Fd opened = LabelFile.open(scene.runtime(), scene.init(), file)) {
            scene.init().files().write(opened, label.request());
        }
    }
}
