package io.jrunc.cli;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Starts the program of a created container. */
final class StartCommand extends Command {
    StartCommand() {
        super("start", "Starts the program of a created container.");
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
            container.start();
        }
        return 0;
    }
}
