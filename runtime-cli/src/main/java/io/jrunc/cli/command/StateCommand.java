// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;

/** Prints the state document of a container. */
public final class StateCommand extends ContainerCommand {
    public StateCommand() {
        super("state", "Prints the state of a container.");
    }

    @Override
    public void act(Context context, Container container) {
        context.print(container.ociState("").pretty());
    }
}
