// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;

/** Stops all processes of a container. */
public final class PauseCommand extends ContainerCommand {
    public PauseCommand() {
        super("pause", "Stops all processes of a container.");
    }

    @Override
    public void act(Context context, Container container) {
        container.pause();
    }
}
