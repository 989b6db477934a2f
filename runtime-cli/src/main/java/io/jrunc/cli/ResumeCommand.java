package io.jrunc.cli;

import io.jrunc.container.Container;

/** Continues the processes of a paused container. */
final class ResumeCommand extends ContainerCommand {
    ResumeCommand() {
        super("resume", "Continues the processes of a paused container.");
    }

    @Override
    void act(Context context, Container container) {
        container.resume();
    }
}
