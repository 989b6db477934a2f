// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/** A command: what it takes, and what it does. */
public abstract class Command {
    /** What help calls a container's id. */
    protected static final String CONTAINER = "<container-id>";

    /** What help calls the id of a container that does not exist yet. */
    protected static final String NEW_CONTAINER = "<new-container-id>";

    /** The formats of commands that print a table or JSON, and objects with fields. */
    protected static final String TABLE_FORMATS = "table|json|TEMPLATE";

    protected static final String FORMATS_HELP = "how to print it; a template as {{.ID}}";

    private final String name;
    private final String summary;

    protected Command(String name, String summary) {
        this.name = name;
        this.summary = summary;
    }

    /** Returns the words that call it: {@code run}, {@code seccomp show}. */
    public final String name() {
        return name;
    }

    /** Returns one sentence for the list of commands. */
    public final String summary() {
        return summary;
    }

    /** Adds options and operands. */
    public abstract void describe(Syntax syntax);

    /** Returns how many operands there must be with these options. */
    protected int required(Arguments arguments, int described) {
        return described;
    }

    /** Does it; returns the exit status. */
    public abstract int run(Context context, Arguments arguments);

    /** Returns the exit status if it fails. */
    public int failureStatus() {
        return 1;
    }

    /** Returns what each exit status means, in the order in which help lists them. */
    public Map<String, String> exitStatuses() {
        return statuses("done", "");
    }

    /** Returns the statuses of a command that ends with that of the container's program. */
    protected final Map<String, String> statusesOfProgram(String success) {
        Map<String, String> statuses = statuses(success, "");
        statuses.put("N", "the program has exited with N, or signal N - 128 has killed it");
        return statuses;
    }

    /**
     * Returns the statuses of a command.
     *
     * @param success what 0 means
     * @param other what 1 means besides a failure; empty: nothing
     */
    protected final Map<String, String> statuses(String success, String other) {
        Map<String, String> statuses = new LinkedHashMap<>();
        statuses.put("0", success);
        if (!other.isEmpty()) {
            statuses.put("1", other);
        }
        String before = statuses.getOrDefault("" + failureStatus(), "");
        String failed = "jrunc failed; the last line on standard error says why";
        statuses.put("" + failureStatus(), before.isEmpty() ? failed : before + "; or " + failed);
        return statuses;
    }

    /** Undoes what was done, because the launcher is gone and cannot report it. */
    public void undo() {}

    /** Closes what {@link #undo} needed: the launcher reports what was done. */
    public void release() {}

    public final Syntax syntax() {
        Syntax syntax = new Syntax();
        syntax.flag("show what this command takes", "-h", "--help");
        describe(syntax);
        return syntax;
    }

    /** Returns whether {@code --format} is a template, and no word. */
    protected static boolean wantsTemplate(Arguments arguments) {
        return arguments.value("--format", "").contains("{{");
    }

    /** Returns whether {@code --format} asks for JSON, and not for {@code other}, as without it. */
    public static boolean wantsJson(Arguments arguments, String other) {
        String format = arguments.value("--format", other);
        if (!format.equals("json") && !format.equals(other)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "invalid format option \"" + format + "\"; write " + other + " or json");
        }
        return format.equals("json");
    }

    /** Fails, and shows how it is used, if there are too few or too many operands. */
    public final void requireArity(Context context, Syntax syntax, Arguments arguments) {
        int given = arguments.operands().size();
        int min = required(arguments, syntax.min());
        int max = syntax.max();
        if (given >= min && given <= max) {
            return;
        }
        context.print("Incorrect Usage.\n\n" + CommandModel.help(this));
        String wanted =
                min == max
                        ? "exactly " + min
                        : given < min ? "a minimum of " + min : "a maximum of " + max;
        throw Failure.of(
                Failure.Code.USAGE, "jrunc " + name + ": requires " + wanted + " argument(s)");
    }
}
