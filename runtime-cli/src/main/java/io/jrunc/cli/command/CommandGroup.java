// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Optional;

/** Commands under one name, of which the next argument names one: {@code jrunc seccomp show}. */
public abstract class CommandGroup extends Command {
    protected CommandGroup(String name, String summary) {
        super(name, summary);
    }

    /** Returns the last words of the members' names, in the order in which help lists them. */
    public abstract List<String> members();

    /** Returns the member with this last word, if there is one. Its own name has all words. */
    public abstract Optional<Command> member(String word);

    @Override
    public void describe(Syntax syntax) {
        syntax.operand("<command>");
        syntax.operands("<argument>", 0, Syntax.ANY);
        syntax.optionsEndAtOperand();
    }

    /** Reached only by a word that is none of the members'. */
    @Override
    public int run(Context context, Arguments arguments) {
        String word = arguments.operands().get(0);
        if (!word.equals("help")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    '"'
                            + word
                            + "\" is no command of jrunc "
                            + name()
                            + "; write one of "
                            + String.join(", ", members()));
        }
        context.print(CommandModel.help(this));
        return 0;
    }
}
