package io.jrunc.cli;

import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows the processes of a container, as ps(1) on the host does. */
final class PsCommand extends Command {
    private static final String PID = "PID";

    PsCommand() {
        super("ps", "Shows the processes of a container, as the host's ps does.");
    }

    @Override
    void describe(CommandSpec spec) {
        spec.addOption(option("table|json", "how to print them", "-f", "--format"));
    }

    @Override
    Arity arity() {
        return new Arity(1, -1);
    }

    @Override
    boolean stopsAtArguments() {
        return true;
    }

    @Override
    int run(Context context, ParseResult arguments) {
        String format = value(arguments, "--format", "table");
        if (!format.equals("table") && !format.equals("json")) {
            throw Failure.of("usage", "--format: \"" + format + "\" is none; write table or json");
        }
        List<String> words = positionals(arguments);
        List<Integer> pids;
        try (Container container = context.containers().load(words.get(0))) {
            pids = container.processes();
        }
        if (format.equals("json")) {
            context.print(pids.isEmpty() ? "null\n" : pids.toString().replace(" ", "") + "\n");
        } else {
            context.print(table(words.subList(1, words.size()), pids));
        }
        return 0;
    }

    private static String table(List<String> options, List<Integer> pids) {
        List<String> command = new ArrayList<>(List.of("ps"));
        command.addAll(options.isEmpty() ? List.of("-ef") : options);
        return filtered(output(command), pids);
    }

    /** The header, and the lines whose column PID is one of {@code pids}. */
    static String filtered(String table, List<Integer> pids) {
        List<String> lines = table.lines().toList();
        List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
        int column = header.indexOf(PID);
        if (column < 0) {
            throw Failure.of("ps", "ps prints no column PID; give it options that do");
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

    private static String output(List<String> command) {
        try {
            Process ps = new ProcessBuilder(command).redirectErrorStream(true).start();
            ps.getOutputStream().close();
            String output = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ps.waitFor() != 0) {
                throw Failure.of("ps", String.join(" ", command) + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw Failure.of("ps", "cannot run ps; install procps, or use --format json", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of("ps", "interrupted", e);
        }
    }
}
