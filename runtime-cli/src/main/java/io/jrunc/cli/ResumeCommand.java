package io.jrunc.cli;

import io.jrunc.container.Container;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Continues the processes of a paused container. */
final class ResumeCommand extends Command {
    ResumeCommand() {
        super("resume", "Continues the processes of a paused container.");
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
            container.resume();
        }
        return 0;
    }
}
