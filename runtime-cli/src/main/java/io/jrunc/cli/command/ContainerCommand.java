// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;

/** A command that takes nothing but the id of a container. */
public abstract class ContainerCommand extends Command {
    protected ContainerCommand(String name, String summary) {
        super(name, summary);
    }

    /** Does it. */
    public abstract void act(Context context, Container container);

    @Override
    public void describe(Syntax syntax) {
        syntax.operand(CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        try (Container container = context.containers().load(arguments.operands().get(0))) {
            act(context, container);
        }
        return 0;
    }
}
