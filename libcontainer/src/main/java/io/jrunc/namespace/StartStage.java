// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Starts the first process, which has a single thread and so may change its namespaces. */
public record StartStage() implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "start the stage, the process that joins and makes namespaces";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        context.startStage();
    }
}
