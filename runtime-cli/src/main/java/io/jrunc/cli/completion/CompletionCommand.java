// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.Syntax;

/** Prints the script that has a shell complete command lines. */
public final class CompletionCommand extends Command {
    private final CommandGroup program;

    /**
     * The command.
     *
     * @param program the commands that are completed
     */
    public CompletionCommand(CommandGroup program) {
        super("completion", "Prints a script that has a shell complete jrunc's command lines.");
        this.program = program;
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.operand("bash|zsh|fish");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        context.print(CompletionScripts.of(arguments.operands().get(0), program));
        return 0;
    }
}
