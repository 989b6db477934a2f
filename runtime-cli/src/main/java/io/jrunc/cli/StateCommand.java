package io.jrunc.cli;

import io.jrunc.container.Container;

/** Prints the state document of a container. */
final class StateCommand extends ContainerCommand {
    StateCommand() {
        super("state", "Prints the state of a container.");
    }

    @Override
    void act(Context context, Container container) {
        context.print(container.ociState("").pretty());
    }
}
