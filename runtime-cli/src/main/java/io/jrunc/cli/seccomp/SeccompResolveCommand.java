// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.ProfileOptions;
import io.jrunc.cli.command.Syntax;
import io.jrunc.spec.json.SeccompWriter;

/** Prints what a profile is for a container: {@code linux.seccomp}, for pasting. */
final class SeccompResolveCommand extends Command {
    SeccompResolveCommand() {
        super("seccomp resolve", "Prints a profile as linux.seccomp of a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        ProfileOptions.describeProfileContext(syntax);
        syntax.operand("default|strict|audit|FILE");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String name = arguments.operands().get(0);
        context.print(
                SeccompWriter.text(
                        ProfileOptions.named(context, name)
                                .resolve(ProfileOptions.profileContext(arguments))
                                .filter()));
        return 0;
    }
}
