package io.jrunc.cli;

import io.jrunc.container.Container;

/** Starts the program of a created container. */
final class StartCommand extends ContainerCommand {
    StartCommand() {
        super("start", "Starts the program of a created container.");
    }

    @Override
    void act(Context context, Container container) {
        try (ServiceManager manager = ServiceManager.of(context)) {
            if (manager == null) {
                container.start();
                return;
            }
            container.hear();
            container.start();
            manager.awaitReady(container, context.launcher());
        }
    }
}
