// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.template.Rows;
import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.program.HostProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows the processes of a container, as ps(1) on the host does. */
public final class PsCommand extends Command {
    private static final String PID = "PID";
    private static final String DEFAULT_PATH = "/usr/bin:/bin";

    public PsCommand() {
        super("ps", "Shows the processes of a container, as the host's ps does.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option(TABLE_FORMATS, FORMATS_HELP, "-f", "--format");
        syntax.operand(CONTAINER);
        syntax.operands("<ps-option>", 0, Syntax.ANY);
        syntax.optionsEndAtOperand();
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean template = wantsTemplate(arguments);
        boolean json = !template && wantsJson(arguments, "table");
        List<String> words = arguments.operands();
        List<Integer> pids;
        try (Container container = context.containers().load(words.get(0))) {
            pids = container.processes();
        }
        if (template) {
            context.print(Rows.ofProcesses(arguments.value("--format", ""), pids));
        } else if (json) {
            context.print(pids.isEmpty() ? "null\n" : pids.toString().replace(" ", "") + "\n");
        } else {
            context.print(table(context, words.subList(1, words.size()), pids));
        }
        return 0;
    }

    private static String table(Context context, List<String> options, List<Integer> pids) {
        List<String> command = new ArrayList<>(List.of("ps"));
        command.addAll(options.isEmpty() ? List.of("-ef") : options);
        return filtered(output(context, command), pids);
    }

    /** Returns the header, and the lines whose column PID is one of {@code pids}. */
    static String filtered(String table, List<Integer> pids) {
        List<String> lines = table.lines().toList();
        List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
        int column = header.indexOf(PID);
        if (column < 0) {
            throw Failure.of(Failure.Code.PS, "ps prints no column PID; give it options that do");
        }
        StringBuilder kept = new StringBuilder(lines.get(0)).append('\n');
        for (String line : lines.subList(1, lines.size())) {
            List<String> fields = fields(line);
            if (column < fields.size() && isOneOf(fields.get(column), pids)) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    private static boolean isOneOf(String field, List<Integer> pids) {
        for (int pid : pids) {
            if (field.equals(Integer.toString(pid))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> fields(String line) {
        return List.of(line.strip().split("\\s+", -1));
    }

    private static String output(Context context, List<String> command) {
        HostProgram program =
                new HostProgram(
                        find(context, command.get(0)),
                        command,
                        context.request().environment(),
                        "",
                        0);
        HostProgram.Outcome outcome = program.run(context.launcher().hookParent(), "");
        if (!outcome.problem().isEmpty()) {
            throw Failure.of(
                    Failure.Code.PS,
                    String.join(" ", command)
                            + ": "
                            + outcome.problem()
                            + ": "
                            + (outcome.stdout() + outcome.stderr()).strip());
        }
        return outcome.stdout();
    }

    private static String find(Context context, String name) {
        String path = context.request().variable("PATH");
        String searched = path.isEmpty() ? DEFAULT_PATH : path;
        Optional<String> found = HostProgram.find(context.kernel().files(), searched, name);
        if (found.isPresent()) {
            return found.get();
        }
        throw Failure.of(Failure.Code.PS, "cannot find ps; install procps, or use --format json");
    }
}
