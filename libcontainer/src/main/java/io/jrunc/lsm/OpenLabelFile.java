package io.jrunc.lsm;

import io.jrunc.linux.Fd;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Opens the file through which init asks for the program's label. It does so among its last calls:
 * hooks, which init gives birth to, must not run with that label.
 */
public record OpenLabelFile(Label label) implements Step {
    @Override
    public String title() {
        return "open the file that gives the program the label " + label;
    }

    @Override
    public String field() {
        return label.kind().field();
    }

    @Override
    public void apply(Scene scene) {
        Fd file = LabelFile.open(scene.runtime(), scene.init(), label.kind().file());
        scene.labelIs(file, label.request());
    }
}
