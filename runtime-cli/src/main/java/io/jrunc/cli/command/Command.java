// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command: what it takes, and what it does. Specifications are built by hand, and only that of
 * the command that was asked for: annotations would cost a cold JVM a hundred milliseconds.
 */
public abstract class Command {
    private final String name;
    private final String summary;

    protected Command(String name, String summary) {
        this.name = name;
        this.summary = summary;
    }

    public final String name() {
        return name;
    }

    /** Returns one sentence for the list of commands. */
    public final String summary() {
        return summary;
    }

    /** Adds options and parameters. */
    public abstract void describe(CommandSpec spec);

    /** Returns how many arguments there may be. */
    public abstract Arity arity();

    /** Returns the same, knowing the options. */
    public Arity arity(ParseResult arguments) {
        return arity();
    }

    /** Does it; returns the exit status. */
    public abstract int run(Context context, ParseResult arguments);

    /** Returns the exit status if it fails. */
    public int failureStatus() {
        return 1;
    }

    /**
     * Returns whether options end at the first argument, so that it may be followed by another
     * program's.
     */
    public boolean stopsAtArguments() {
        return false;
    }

    /** Returns what help calls the arguments. */
    public String argumentLabel() {
        return arity().max() == 1 ? "<container-id>" : "<argument>";
    }

    /** Undoes what was done, because the launcher is gone and cannot report it. */
    public void undo() {}

    /** Closes what {@link #undo} needed: the launcher reports what was done. */
    public void release() {}

    /** How many arguments a command takes; -1 is any number. */
    public record Arity(int min, int max) {}

    public final CommandSpec specification() {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(summary);
        spec.addOption(flag("show what this command takes", "-h", "--help"));
        describe(spec);
        if (arity().max() != 0) {
            spec.addPositional(
                    PositionalParamSpec.builder()
                            .paramLabel(argumentLabel())
                            .arity("0..*")
                            .type(List.class)
                            .auxiliaryTypes(String.class)
                            .build());
        }
        spec.parser().collectErrors(false).posixClusteredShortOptionsAllowed(true);
        spec.parser().stopAtPositional(stopsAtArguments());
        return spec;
    }

    public static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    public static OptionSpec option(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** Returns an option that may be given several times. */
    public static OptionSpec repeated(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** Returns an option of other runtimes that means nothing here, with its value. */
    public static OptionSpec hiddenOption(String... names) {
        return OptionSpec.builder(names).type(String.class).arity("1").hidden(true).build();
    }

    public static List<String> positionals(ParseResult result) {
        List<String> values = new ArrayList<>();
        if (result.hasMatchedPositional(0)) {
            for (PositionalParamSpec positional : result.matchedPositionals()) {
                values.addAll(positional.stringValues());
            }
        }
        return values;
    }

    public static boolean has(ParseResult result, String option) {
        return result.hasMatchedOption(option);
    }

    public static String value(ParseResult result, String option, String absent) {
        List<String> all = values(result, option);
        return all.isEmpty() ? absent : all.get(all.size() - 1);
    }

    /** Returns whether {@code --format} asks for JSON, and not for {@code other}, as without it. */
    public static boolean wantsJson(ParseResult result, String other) {
        String format = value(result, "--format", other);
        if (!format.equals("json") && !format.equals(other)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "invalid format option \"" + format + "\"; write " + other + " or json");
        }
        return format.equals("json");
    }

    public static List<String> values(ParseResult result, String option) {
        return result.hasMatchedOption(option)
                ? result.matchedOption(option).stringValues()
                : List.of();
    }

    /** Fails, and shows how it is used, if a command got too few or too many arguments. */
    public static void requireArity(
            Context context, Command command, CommandSpec spec, ParseResult result) {
        int given = positionals(result).size();
        Arity arity = command.arity(result);
        if (given >= arity.min() && (arity.max() < 0 || given <= arity.max())) {
            return;
        }
        context.print("Incorrect Usage.\n\n" + Help.of(spec));
        String wanted =
                arity.min() == arity.max()
                        ? "exactly " + arity.min()
                        : given < arity.min()
                                ? "a minimum of " + arity.min()
                                : "a maximum of " + arity.max();
        throw Failure.of(
                Failure.Code.USAGE,
                "jrunc " + command.name() + ": requires " + wanted + " argument(s)");
    }
}
