package io.jrunc.lsm;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.plan.Actor;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Asks for the label in a process that has no use for it: a mistake is better reported by create
 * than by start.
 */
public record TryLabel(Label label) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "make sure that the kernel knows " + label;
    }

    @Override
    public String field() {
        return label.kind().field();
    }

    @Override
    public void apply(Scene scene) {
        Kernel stage = scene.stage();
        try (Fd file = LabelFile.open(scene.runtime(), stage, label.kind().file())) {
            stage.files().write(file, label.request()).result();
        } catch (Failure f) {
            throw label.explained(f);
        }
    }
}
