package io.jrunc.cli;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Stops all processes of a container. */
final class PauseCommand extends Command {
    PauseCommand() {
        super("pause", "Stops all processes of a container.");
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
            container.pause();
        }
        return 0;
    }
}
