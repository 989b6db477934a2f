// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Commands under one name, of which the next argument names one: {@code jrunc seccomp show}. */
public abstract class CommandGroup extends Command {
    private static final int COLUMN = 12;

    protected CommandGroup(String name, String summary) {
        super(name, summary);
    }

    /** Returns the second words of the members, in the order in which help lists them. */
    public abstract List<String> members();

    /** Returns the member with a second word, or null. Its own name has both words. */
    public abstract Command member(String word);

    @Override
    public final void describe(CommandSpec spec) {
        StringBuilder list = new StringBuilder("%nCommands:%n");
        for (String word : members()) {
            list.append("  ").append(word).append(" ".repeat(COLUMN - word.length()));
            list.append(member(word).summary().replace("%", "%%")).append("%n");
        }
        spec.usageMessage().footer(list.toString());
    }

    @Override
    public final Arity arity() {
        return new Arity(1, -1);
    }

    @Override
    public String argumentLabel() {
        return "<command>";
    }

    @Override
    public final boolean stopsAtArguments() {
        return true;
    }

    /** Reached only by a word that is none of the members'. */
    @Override
    public final int run(Context context, ParseResult arguments) {
        String word = positionals(arguments).get(0);
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
        context.print(Help.of(specification()));
        return 0;
    }
}
