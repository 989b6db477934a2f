// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.ProfileOptions;
import io.jrunc.spec.json.SeccompWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints what a profile is for a container: {@code linux.seccomp}, for pasting. */
final class SeccompResolveCommand extends Command {
    SeccompResolveCommand() {
        super("seccomp resolve", "Prints a profile as linux.seccomp of a container.");
    }

    @Override
    public void describe(CommandSpec spec) {
        ProfileOptions.describeProfileContext(spec);
    }

    @Override
    public Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    public String argumentLabel() {
        return "default|strict|audit|FILE";
    }

    @Override
    public int run(Context context, ParseResult arguments) {
        String name = positionals(arguments).get(0);
        context.print(
                SeccompWriter.text(
                        ProfileOptions.named(context, name)
                                .resolve(ProfileOptions.profileContext(arguments))
                                .filter()));
        return 0;
    }
}
