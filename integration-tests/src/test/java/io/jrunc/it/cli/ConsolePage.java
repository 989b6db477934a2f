// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import io.jrunc.it.harness.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands in a page's blocks of the language {@code console}, and what they print. A line that
 * begins with {@code $} is a command, which goes on up to the end of its here-document; the lines
 * after it are its output, where {@code …} stands for anything, also for several lines.
 */
record ConsolePage(List<Command> commands) {
    private static final Pattern BLOCK =
            Pattern.compile("^```console\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'?(\\w+)'?");
    private static final Pattern LOG_LINE =
            Pattern.compile("^time=\"[^\"]*\" level=(....)\\w* msg=\"(.*)\"$", Pattern.MULTILINE);
    private static final String MARK = "\001\n";
    private static final String PROMPT = "$ ";

    /** A command, and what the page says that it prints. */
    record Command(String line, String output) {}

    static ConsolePage of(Path page) {
        List<Command> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(Result.text(page));
        while (block.find()) {
            read(block.group(1).lines().toList(), commands);
        }
        return new ConsolePage(commands);
    }

    private static void read(List<String> lines, List<Command> commands) {
        int at = 0;
        while (at < lines.size()) {
            if (!lines.get(at).startsWith(PROMPT)) {
                throw new AssertionError("no command before: " + lines.get(at));
            }
            StringBuilder command = new StringBuilder(lines.get(at).substring(PROMPT.length()));
            Matcher document = HERE_DOCUMENT.matcher(command);
            if (document.find()) {
                do {
                    at++;
                    command.append('\n').append(lines.get(at));
                } while (!lines.get(at).equals(document.group(1)));
            }
            at++;
            StringBuilder output = new StringBuilder();
            while (at < lines.size() && !lines.get(at).startsWith(PROMPT)) {
                output.append(lines.get(at)).append('\n');
                at++;
            }
            commands.add(new Command(command.toString(), output.toString()));
        }
    }

    /** Returns a script of bash that runs all commands, with a mark after each. */
    String script() {
        StringBuilder script = new StringBuilder("exec 2>&1 </dev/null\n");
        script.append("mark() { local status=$?; printf '\\001\\n'; return $status; }\n");
        for (Command command : commands) {
            script.append(command.line).append("\nmark\n");
        }
        return script.toString();
    }

    /** Returns each command that has printed something else than the page says. */
    List<String> differences(String printed) {
        List<String> differences = new ArrayList<>();
        String[] outputs = printed.split(MARK, -1);
        for (int i = 0; i < commands.size(); i++) {
            String output = i < outputs.length ? onTerminal(outputs[i]) : "(the shell has ended)";
            Command command = commands.get(i);
            if (!pattern(command.output).matcher(output).matches()) {
                differences.add(
                        PROMPT + command.line + "\n" + command.output + "  in fact:\n" + output);
            }
        }
        return differences;
    }

    /** Returns messages in the form that they have on a terminal. */
    private static String onTerminal(String output) {
        return LOG_LINE.matcher(output)
                .replaceAll(
                        line ->
                                Matcher.quoteReplacement(
                                        line.group(1).toUpperCase(java.util.Locale.ROOT)
                                                + "[0000] "
                                                + line.group(2)
                                                        .replace("\\\"", "\"")
                                                        .replace("\\\\", "\\")));
    }

    private static Pattern pattern(String output) {
        List<String> parts = new ArrayList<>();
        for (String part : output.split("…", -1)) {
            parts.add(Pattern.quote(part));
        }
        return Pattern.compile(String.join(".*?", parts), Pattern.DOTALL);
    }
}
