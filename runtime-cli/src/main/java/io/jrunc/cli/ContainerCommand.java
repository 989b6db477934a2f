package io.jrunc.cli;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command that takes nothing but the id of a container. */
abstract class ContainerCommand extends Command {
    ContainerCommand(String name, String summary) {
        super(name, summary);
    }

    /** Does it. */
    abstract void act(Context context, Container container);

    @Override
    void describe(CommandSpec spec) {}

    @Override
    Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    int run(Context context, ParseResult arguments) {
        try (Container container = context.containers().load(positionals(arguments).get(0))) {
            act(context, container);
        }
        return 0;
    }
}
