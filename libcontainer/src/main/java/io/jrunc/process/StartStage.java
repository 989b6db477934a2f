package io.jrunc.process;

import io.jrunc.plan.Actor;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/** Starts the first process, which has a single thread and so may change its namespaces. */
public record StartStage() implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "start the stage, a process that is told what to do";
    }

    @Override
    public void apply(Scene scene) {
        scene.startStage();
    }
}
