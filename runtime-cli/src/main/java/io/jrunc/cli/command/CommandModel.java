// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The commands as a model of picocli: what it prints as help, and what the build makes manual pages
 * from. No command that an engine calls needs it.
 */
public final class CommandModel {
    private CommandModel() {}

    /** Returns what help prints of {@code command}. */
    public static String help(Command command) {
        CommandSpec spec = of(command);
        if (!spec.name().startsWith("jrunc")) {
            spec.name("jrunc " + command.name());
        }
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    /** Returns the model of {@code command} and, of a group, all that is below. */
    public static CommandSpec of(Command command) {
        Syntax syntax = command.syntax();
        CommandSpec spec = CommandSpec.create().name(lastWord(command.name()));
        spec.usageMessage().description(escaped(command.summary()));
        spec.usageMessage().exitCodeListHeading("Exit status:%n");
        spec.usageMessage().exitCodeList(command.exitStatuses());
        for (Option option : syntax.options()) {
            spec.addOption(of(option));
        }
        if (command instanceof CommandGroup group) {
            for (String word : group.members()) {
                spec.addSubcommand(word, of(group.member(word).orElseThrow()));
            }
            return spec;
        }
        List<Syntax.Operand> operands = syntax.operands();
        for (int i = 0; i < operands.size(); i++) {
            spec.addPositional(of(operands.get(i), i));
        }
        return spec;
    }

    private static OptionSpec of(Option option) {
        OptionSpec.Builder builder =
                OptionSpec.builder(option.names().toArray(new String[0]))
                        .description(escaped(option.description()))
                        .hidden(option.isHidden());
        if (option.isFlag()) {
            return builder.type(boolean.class).arity("0").build();
        }
        builder.arity("1").paramLabel(option.label());
        return option.repeated()
                ? builder.type(List.class).auxiliaryTypes(String.class).build()
                : builder.type(String.class).build();
    }

    private static PositionalParamSpec of(Syntax.Operand operand, int index) {
        PositionalParamSpec.Builder builder =
                PositionalParamSpec.builder()
                        .paramLabel(operand.label())
                        .required(operand.min() > 0);
        if (operand.max() == 1) {
            String arity = operand.min() == 0 ? "0..1" : "1";
            return builder.index("" + index).arity(arity).type(String.class).build();
        }
        String max = operand.max() == Syntax.ANY ? "*" : "" + operand.max();
        return builder.index(index + "..*")
                .arity(operand.min() + ".." + max)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build();
    }

    private static String lastWord(String name) {
        return name.substring(name.lastIndexOf(' ') + 1);
    }

    /** A percent sign begins a format of picocli. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }
}
