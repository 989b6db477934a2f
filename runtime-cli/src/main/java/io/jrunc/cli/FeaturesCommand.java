package io.jrunc.cli;

import io.jrunc.spec.json.Features;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints what this runtime can do, whatever the host. */
final class FeaturesCommand extends Command {
    FeaturesCommand() {
        super("features", "Prints what this runtime can do.");
    }

    @Override
    void describe(CommandSpec spec) {}

    @Override
    Arity arity() {
        return new Arity(0, 0);
    }

    @Override
    int run(Context context, ParseResult arguments) {
        context.print(Features.ofJrunc(Version.NUMBER).pretty());
        return 0;
    }
}
