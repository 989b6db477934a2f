// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.Users;
import io.jrunc.cli.template.Rows;
import io.jrunc.container.Containers;
import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import io.jrunc.linux.OneLine;
import io.jrunc.spec.OciState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lists the containers of this state directory. */
public final class ListCommand extends Command {
    private static final int MIN_WIDTH = 12;
    private static final int PADDING = 3;

    public ListCommand() {
        super("list", "Lists containers.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option(TABLE_FORMATS, FORMATS_HELP, "-f", "--format");
        syntax.flag("print only ids", "-q", "--quiet");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean template = wantsTemplate(arguments);
        boolean json = !template && wantsJson(arguments, "table");
        Containers containers = context.containers();
        if (context.options().explicitRoot() && !containers.rootExists()) {
            throw Failure.of(
                    Failure.Code.NOT_FOUND,
                    "--root: no such directory: " + context.options().root());
        }
        List<OciState> states = states(context, containers);
        if (arguments.has("--quiet")) {
            StringBuilder ids = new StringBuilder();
            for (OciState state : states) {
                ids.append(state.id()).append('\n');
            }
            context.print(ids.toString());
        } else if (template) {
            context.print(Rows.ofStates(arguments.value("--format", ""), states));
        } else {
            context.print(json ? json(states) : table(states));
        }
        return 0;
    }

    private static List<OciState> states(Context context, Containers containers) {
        Users users = new Users();
        return containers.collect(
                container -> container.ociState(users.name(container.owner())),
                (id, f) ->
                        context.log()
                                .warn(
                                        "load container "
                                                + id
                                                + ": "
                                                + f.getMessage()
                                                + ", ignoring"));
    }

    private static String json(List<OciState> states) {
        if (states.isEmpty()) {
            return "null\n";
        }
        JsonText json = JsonText.compact();
        json.beginList();
        for (OciState state : states) {
            state.writeTo(json);
        }
        json.endList();
        return json + "\n";
    }

    /** Returns a line for each below a header, as runc does. */
    static String table(List<OciState> states) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"});
        for (OciState state : states) {
            rows.add(
                    new String[] {
                        state.id(),
                        Integer.toString(state.pid()),
                        state.status(),
                        OneLine.clean(state.bundle()),
                        state.created(),
                        state.owner()
                    });
        }
        int[] widths = widths(rows);
        StringBuilder table = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                table.append(row[i]);
                if (i < widths.length - 1) {
                    table.append(" ".repeat(widths[i] - row[i].length()));
                }
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static int[] widths(List<String[]> rows) {
        int[] widths = new int[rows.get(0).length];
        Arrays.fill(widths, MIN_WIDTH);
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length() + PADDING);
            }
        }
        return widths;
    }
}
