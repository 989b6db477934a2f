// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.linux.Failure;

/** Starts the program of a created container. */
public final class StartCommand extends ContainerCommand {
    public StartCommand() {
        super("start", "Starts the program of a created container.");
    }

    @Override
    public void act(Context context, Container container) {
        context.launcher().watch(); // a hook may wait without end
        try (ServiceManager manager = ServiceManager.of(context);
                AuditTrail trail = AuditTrail.of(context)) {
            if (manager.waits()) {
                container.bindReadiness();
            }
            start(container, trail);
            manager.awaitReady(container, context.launcher());
        }
    }

    private static void start(Container container, AuditTrail trail) {
        try {
            container.start();
        } catch (Failure f) {
            trail.startFailed(container);
            throw f;
        }
        trail.started(container);
    }
}
