package io.jrunc.cli;

import io.jrunc.container.Container;

/** Starts the program of a created container. */
final class StartCommand extends ContainerCommand {
    StartCommand() {
        super("start", "Starts the program of a created container.");
    }

    @Override
    void act(Container container) {
        container.start();
    }
}
