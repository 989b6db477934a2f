package io.jrunc.cli;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints the state document of a container. */
final class StateCommand extends Command {
    StateCommand() {
        super("state", "Prints the state of a container.");
    }

    @Override
    void describe(CommandSpec spec) {}

    @Override
    Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    int run(Context context, ParseResult arguments) {
        try (Container container = context.containers().load(positionals(arguments).get(0))) {
            context.print(container.ociState("").pretty());
        }
        return 0;
    }
}
