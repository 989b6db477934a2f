// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;

/** Continues the processes of a paused container. */
public final class ResumeCommand extends ContainerCommand {
    public ResumeCommand() {
        super("resume", "Continues the processes of a paused container.");
    }

    @Override
    public void act(Context context, Container container) {
        container.resume();
    }
}
