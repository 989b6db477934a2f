// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command that takes nothing but the id of a container. */
public abstract class ContainerCommand extends Command {
    protected ContainerCommand(String name, String summary) {
        super(name, summary);
    }

    /** Does it. */
    public abstract void act(Context context, Container container);

    @Override
    public void describe(CommandSpec spec) {}

    @Override
    public Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    public int run(Context context, ParseResult arguments) {
        try (Container container = context.containers().load(positionals(arguments).get(0))) {
            act(context, container);
        }
        return 0;
    }
}
