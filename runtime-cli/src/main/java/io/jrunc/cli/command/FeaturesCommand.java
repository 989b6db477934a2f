// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.spec.json.Features;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints what this runtime can do, whatever the host. */
public final class FeaturesCommand extends Command {
    public FeaturesCommand() {
        super("features", "Prints what this runtime can do.");
    }

    @Override
    public void describe(CommandSpec spec) {}

    @Override
    public Arity arity() {
        return new Arity(0, 0);
    }

    @Override
    public int run(Context context, ParseResult arguments) {
        context.print(Features.ofJrunc(Version.NUMBER).pretty());
        return 0;
    }
}
