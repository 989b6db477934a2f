package io.jrunc.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** What help prints. */
final class Help {
    private Help() {}

    static String of(CommandSpec spec) {
        if (!spec.name().startsWith("jrunc")) {
            spec.name("jrunc " + spec.name());
        }
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    static String overview() {
        CommandSpec spec = CommandSpec.create().name("jrunc");
        GlobalOptions.describe(spec);
        spec.usageMessage().description("Runs containers from OCI bundles.");
        StringBuilder text = new StringBuilder(of(spec)).append("\nCommands:\n");
        for (String name : Commands.NAMES) {
            text.append("  ").append(name);
            text.append(" ".repeat(12 - name.length()));
            text.append(Commands.named(name).summary()).append('\n');
        }
        return text.toString();
    }
}
