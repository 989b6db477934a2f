// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.cli.command.CommandModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code docs/commands.md} is made from the same model as help and the manual pages; {@code
 * -Dgolden.update=true} writes it anew.
 */
class CommandsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "commands.md");
    private static final String FIRST = "## jrunc\n";

    @Test
    void pageIsThatOfTheModel() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder commands = new StringBuilder();
        append(commands, new CommandLine(CommandModel.of(new Commands())));
        String wanted = page.substring(0, page.indexOf(FIRST)) + commands;
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, wanted);
        }

        assertEquals(wanted, Files.readString(PAGE));
    }

    private static void append(StringBuilder page, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        page.append(page.isEmpty() ? "" : "\n");
        page.append("## ").append(spec.qualifiedName()).append("\n\n");
        page.append(String.format(spec.usageMessage().description()[0])).append("\n\n");
        String synopsis = command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
        page.append("```\n").append(synopsis).append("\n```\n\n");
        page.append("| option | |\n|---|---|\n");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                row(
                        page,
                        '`' + String.join(", ", option.names()) + value + '`',
                        String.format(option.description()[0]));
            }
        }
        page.append("\n| exit status | |\n|---|---|\n");
        Map<String, String> statuses = spec.usageMessage().exitCodeList();
        statuses.forEach((status, meaning) -> row(page, status, meaning));
        for (CommandLine below : command.getSubcommands().values()) {
            append(page, below);
        }
    }

    private static void row(StringBuilder page, String left, String right) {
        page.append("| ").append(left.replace("|", "\\|")).append(" | ");
        page.append(right.replace("|", "\\|").replace("<", "&lt;")).append(" |\n");
    }
}
