// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.template;

import io.jrunc.linux.Failure;
import io.jrunc.linux.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Go's text/template that command lines of engines use: fields, {@code json}, {@code
 * upper}, {@code lower} and {@code index}; after the word {@code table}, columns under a header.
 */
final class Template {
    private static final String TABLE = "table";
    private static final Pattern ACTION = Pattern.compile("\\{\\{(.*?)\\}\\}", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("\\s*(?:(json|upper|lower)\\s+)?\\.(\\w*)\\s*");
    private static final Pattern INDEX =
            Pattern.compile("\\s*index\\s+\\.(\\w+)\\s+\"([^\"\\\\]*)\"\\s*");

    /** As Go's tabwriter, with the numbers that Docker gives it. */
    private static final int MIN_WIDTH = 10;

    private static final int PADDING = 3;

    private final boolean table;
    private final List<Part> parts = new ArrayList<>();

    /** Something that is printed for each row. */
    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    /**
     * A field.
     *
     * @param function {@code json}, {@code upper}, {@code lower} or empty
     * @param name empty is the row itself
     * @param written the whole action, for messages
     */
    private record Field(String function, String name, String written) implements Part {}

    private record Entry(String name, String key, String written) implements Part {}

    private Template(boolean table) {
        this.table = table;
    }

    /** Parses the value of {@code --format}. */
    static Template parse(String format) {
        boolean table = format.startsWith(TABLE + " ") || format.startsWith(TABLE + "\t");
        String text = table ? format.substring(TABLE.length() + 1).stripLeading() : format;
        Template template = new Template(table);
        Matcher action = ACTION.matcher(text);
        int end = 0;
        while (action.find()) {
            template.literal(text.substring(end, action.start()));
            template.parts.add(parsed(action.group(1), action.group()));
            end = action.end();
        }
        template.literal(text.substring(end));
        return template;
    }

    private void literal(String text) {
        if (text.contains("{{")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--format: \"" + OneLine.of(text) + "\" begins an action; end it with }}");
        }
        if (!text.isEmpty()) {
            parts.add(new Literal(text.replace("\\t", "\t").replace("\\n", "\n")));
        }
    }

    private static Part parsed(String action, String written) {
        Matcher field = FIELD.matcher(action);
        if (field.matches()) {
            String function = field.group(1) == null ? "" : field.group(1);
            boolean isWhole = field.group(2).isEmpty();
            if (!isWhole || function.equals("json")) {
                return new Field(function, field.group(2), written);
            }
        }
        Matcher index = INDEX.matcher(action);
        if (index.matches()) {
            return new Entry(index.group(1), index.group(2), written);
        }
        throw Failure.of(
                Failure.Code.USAGE,
                "--format: \""
                        + OneLine.of(written)
                        + "\" is not understood; write {{.ID}}, {{json .}}, {{json .ID}}, {{upper"
                        + " .ID}}, {{lower .ID}} or {{index .Annotations \"key\"}}");
    }

    /**
     * Returns a line for each row.
     *
     * @param model a row whose fields are those that there can be
     */
    String print(Row model, List<Row> rows) {
        for (Part part : parts) {
            check(part, model);
        }
        List<String> lines = new ArrayList<>();
        if (table) {
            lines.add(header(model));
        }
        for (Row row : rows) {
            lines.add(line(row));
        }
        return table ? aligned(lines) : lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static void check(Part part, Row model) {
        String name = part instanceof Field f ? f.name : part instanceof Entry e ? e.name : "";
        if (!name.isEmpty() && model.spelled(name).isEmpty()) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--format: there is no field ." + name + "; there are " + model.names());
        }
    }

    private String header(Row model) {
        StringBuilder line = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                line.append(literal.text);
            } else if (part instanceof Field field) {
                line.append(model.spelled(field.name).toUpperCase(Locale.ROOT));
            } else if (part instanceof Entry entry) {
                line.append(OneLine.of(entry.key));
            }
        }
        return line.toString();
    }

    private String line(Row row) {
        StringBuilder line = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                line.append(literal.text);
            } else if (part instanceof Field field) {
                line.append(value(row, field));
            } else if (part instanceof Entry entry) {
                line.append(OneLine.clean(row.entry(row.spelled(entry.name), entry.key)));
            }
        }
        return line.toString();
    }

    /** A value is a stranger's, and stays on its line; JSON has escaped what would not. */
    private static String value(Row row, Field field) {
        String name = row.spelled(field.name);
        return switch (field.function) {
            case "json" -> field.name.isEmpty() ? row.json() : row.json(name);
            case "upper" -> OneLine.clean(row.shown(name)).toUpperCase(Locale.ROOT);
            case "lower" -> OneLine.clean(row.shown(name)).toLowerCase(Locale.ROOT);
            default -> OneLine.clean(row.shown(name));
        };
    }

    /** Returns the lines with columns where they have tabs. */
    private static String aligned(List<String> lines) {
        List<String[]> rows = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.split("\t", -1);
            rows.add(cells);
            for (int i = 0; i < cells.length - 1; i++) {
                int width = Math.max(MIN_WIDTH, cells[i].length() + PADDING);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(width, widths.get(i)));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] cells : rows) {
            for (int i = 0; i < cells.length - 1; i++) {
                text.append(cells[i]).append(" ".repeat(widths.get(i) - cells[i].length()));
            }
            text.append(cells[cells.length - 1]).append('\n');
        }
        return text.toString();
    }
}
