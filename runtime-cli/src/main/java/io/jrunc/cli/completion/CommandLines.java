// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.command.Option;
import io.jrunc.cli.command.Syntax;
import java.util.ArrayList;
import java.util.List;

/**
 * What may stand on the command line of one command.
 *
 * @param name the words after the program's name; empty for the program itself
 * @param options those that help shows
 * @param members the commands below; empty if it is no group
 * @param operands what each argument is that is no option
 * @param repeats whether there may be more of the last operand
 * @param endsOptions whether what follows the first operand is no option
 */
record CommandLines(
        String name,
        String summary,
        List<Option> options,
        List<Command> members,
        List<Syntax.Operand> operands,
        boolean repeats,
        boolean endsOptions) {
    CommandLines {
        options = List.copyOf(options);
        members = List.copyOf(members);
        operands = List.copyOf(operands);
    }

    /** Returns those of the program and of all commands below it, the program's first. */
    static List<CommandLines> all(CommandGroup program) {
        List<CommandLines> all = new ArrayList<>();
        add(program, "", all);
        String names = String.join("|", program.members());
        Syntax help = new Syntax();
        help.optional(names);
        all.add(of("help", "Shows what a command takes.", help, List.of()));
        return all;
    }

    private static void add(Command command, String name, List<CommandLines> all) {
        List<Command> members = new ArrayList<>();
        if (command instanceof CommandGroup group) {
            for (String word : group.members()) {
                members.add(group.member(word).orElseThrow());
            }
        }
        all.add(of(name, command.summary(), command.syntax(), members));
        for (Command member : members) {
            add(member, member.name(), all);
        }
    }

    private static CommandLines of(
            String name, String summary, Syntax syntax, List<Command> members) {
        List<Syntax.Operand> operands = members.isEmpty() ? syntax.operands() : List.of();
        boolean repeats =
                !operands.isEmpty() && operands.get(operands.size() - 1).max() == Syntax.ANY;
        return new CommandLines(
                name,
                summary,
                syntax.options().stream().filter(option -> !option.isHidden()).toList(),
                members,
                operands,
                repeats,
                syntax.endsOptionsAtOperand() && members.isEmpty());
    }

    /** Returns the last words of the members' names. */
    List<String> memberWords() {
        List<String> words = new ArrayList<>();
        for (Command member : members) {
            words.add(member.name().substring(member.name().lastIndexOf(' ') + 1));
        }
        return words;
    }
}
