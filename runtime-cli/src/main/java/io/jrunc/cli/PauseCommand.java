package io.jrunc.cli;

import io.jrunc.container.Container;

/** Stops all processes of a container. */
final class PauseCommand extends ContainerCommand {
    PauseCommand() {
        super("pause", "Stops all processes of a container.");
    }

    @Override
    void act(Context context, Container container) {
        container.pause();
    }
}
