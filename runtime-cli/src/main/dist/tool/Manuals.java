// SPDX-License-Identifier: Apache-2.0
import io.jrunc.cli.Commands;
import io.jrunc.cli.command.CommandModel;
import io.jrunc.cli.completion.CompletionScripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes what is derived from the commands' model: {@code Manuals VERSION SHARE} writes {@code
 * SHARE/man/man8/jrunc*.8}, and the completion of bash, zsh and fish where each looks for it.
 *
 * <p>The pages are made here, in the macros of man(7): picocli itself writes AsciiDoc only, which
 * takes a second tool to become a manual page.
 */
final class Manuals {
    private static final String SECTION = "8";

    private final StringBuilder page = new StringBuilder();
    private final String version;

    private Manuals(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws IOException {
        CommandLine root = new CommandLine(CommandModel.of(new Commands()));
        Path share = Path.of(args[1]);
        Path pages = Files.createDirectories(share.resolve("man/man" + SECTION));
        write(root, args[0], pages);
        complete("bash", share.resolve("bash-completion/completions/jrunc"));
        complete("zsh", share.resolve("zsh/site-functions/_jrunc"));
        complete("fish", share.resolve("fish/vendor_completions.d/jrunc.fish"));
    }

    private static void complete(String shell, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, CompletionScripts.of(shell, new Commands()));
    }

    /** Writes the page of a command, and those of all commands below it. */
    private static void write(CommandLine command, String version, Path pages) throws IOException {
        Manuals manual = new Manuals(version);
        manual.append(command);
        Path file = pages.resolve(pageName(command) + '.' + SECTION);
        Files.writeString(file, manual.page.toString());
        for (CommandLine below : command.getSubcommands().values()) {
            write(below, version, pages);
        }
    }

    private static String pageName(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    private void append(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String summary = String.format(spec.usageMessage().description()[0]);
        String title = pageName(command).toUpperCase(Locale.ROOT);
        macro("TH", title, SECTION, "", "jrunc " + version);
        macro("SH", "NAME");
        text(pageName(command) + " - " + summary.substring(0, summary.length() - 1));
        macro("SH", "SYNOPSIS");
        text(command.getHelp().synopsis(0).strip().replaceAll("\\s+", " "));
        macro("SH", "DESCRIPTION");
        text(summary);
        macro("SH", "OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                append(option);
            }
        }
        if (!command.getSubcommands().isEmpty()) {
            macro("SH", "COMMANDS");
            for (CommandLine below : command.getSubcommands().values()) {
                macro("TP");
                text(pageName(below) + "(" + SECTION + ")");
                text(String.format(below.getCommandSpec().usageMessage().description()[0]));
            }
        }
        macro("SH", "EXIT STATUS");
        for (Map.Entry<String, String> status : spec.usageMessage().exitCodeList().entrySet()) {
            macro("TP");
            text(status.getKey());
            text(status.getValue());
        }
        seeAlso(command);
    }

    private void append(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        macro("TP");
        text(String.join(", ", option.names()) + value);
        text(String.format(option.description()[0]));
    }

    private void seeAlso(CommandLine command) {
        CommandLine above = command.getParent();
        if (above != null) {
            macro("SH", "SEE ALSO");
            text(pageName(above) + "(" + SECTION + ")");
        }
    }

    private void macro(String name, String... arguments) {
        page.append('.').append(name);
        for (String argument : arguments) {
            page.append(" \"").append(escaped(argument)).append('"');
        }
        page.append('\n');
    }

    /** A line of its own: one that begins with a dot or an apostrophe would be a macro. */
    private void text(String line) {
        page.append("\\&").append(escaped(line)).append('\n');
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        Map<Character, String> special =
                Map.of('\\', "\\e", '-', "\\-", '"', "\\(dq", '\'', "\\(aq");
        for (char c : text.toCharArray()) {
            escaped.append(special.getOrDefault(c, String.valueOf(c)));
        }
        return escaped.toString();
    }
}
