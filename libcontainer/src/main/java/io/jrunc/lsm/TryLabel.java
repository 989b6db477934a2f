// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Asks for the label in a process that has no use for it: a mistake is better reported by create
 * than by start.
 */
record TryLabel(Label label) implements Step {
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
    public void apply(SetupContext context) {
        Kernel stage = context.stage();
        try (Fd file = LabelFile.open(context.runtime(), stage, label.kind().file())) {
            stage.files().write(file, label.request()).result();
        } catch (Failure f) {
            throw label.explained(f);
        }
    }
}
