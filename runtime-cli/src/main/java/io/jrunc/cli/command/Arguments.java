// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Arguments as Go programs read them, and so as engines write them: one dash is as good as two, of
 * an option that is given twice the last one counts, a flag may have a value, and the argument
 * after an option is its value whatever it looks like. Source: Go's package flag; runc(8).
 */
public final class Arguments {
    /** The words for a flag's value. Source: strconv.ParseBool. */
    static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");

    static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

    /** What no argument can be. */
    private static final String END_OF_OPTIONS = "\0";

    private final CommandSpec spec;
    private final Map<OptionSpec, Boolean> flags = new LinkedHashMap<>();
    private final Map<OptionSpec, List<String>> values = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> positionals = new ArrayList<>();

    private Arguments(CommandSpec spec) {
        this.spec = spec;
    }

    /** Parses {@code arguments}; a ParameterException or Failure says what is wrong with them. */
    public static ParseResult parse(CommandSpec spec, List<String> arguments) {
        Arguments parsed = new Arguments(spec);
        parsed.read(arguments);
        // Nothing is read from a file because an argument begins with @, and no value is special.
        spec.parser().expandAtFiles(false).allowOptionsAsOptionParameters(true);
        spec.parser().endOfOptionsDelimiter(END_OF_OPTIONS);
        CommandLine line = new CommandLine(spec).setOverwrittenOptionsAllowed(true);
        return line.parseArgs(parsed.unambiguous().toArray(new String[0]));
    }

    private void read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                positionals.addAll(arguments.subList(i + 1, arguments.size()));
                return;
            }
            if (!argument.startsWith("-") || argument.equals("-")) {
                positionals.add(argument);
                if (spec.parser().stopAtPositional()) {
                    positionals.addAll(arguments.subList(i + 1, arguments.size()));
                    return;
                }
                continue;
            }
            int equals = argument.indexOf('=');
            OptionSpec option = option(equals < 0 ? argument : argument.substring(0, equals));
            if (option == null) {
                others.add(argument);
            } else if (option.arity().max() == 0) {
                flags.put(option, equals < 0 || isTrue(argument, equals));
            } else if (equals >= 0) {
                add(option, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                i++;
                add(option, arguments.get(i));
            } else {
                others.add(option.longestName()); // without its value: picocli complains
            }
        }
    }

    private OptionSpec option(String name) {
        OptionSpec option = spec.findOption(name);
        if (option == null && name.startsWith("--") && name.length() == 3) {
            return spec.findOption(name.substring(1));
        }
        return option == null && !name.startsWith("--") ? spec.findOption("-" + name) : option;
    }

    private void add(OptionSpec option, String value) {
        List<String> all = values.get(option);
        if (all == null || !option.isMultiValue()) {
            all = new ArrayList<>(1);
            values.put(option, all);
        }
        all.add(value);
    }

    private static boolean isTrue(String argument, int equals) {
        String value = argument.substring(equals + 1);
        if (TRUE.contains(value) || FALSE.contains(value)) {
            return TRUE.contains(value);
        }
        throw Failure.of(
                Failure.Code.USAGE,
                argument.substring(0, equals)
                        + ": invalid boolean value \""
                        + value
                        + "\"; write true or false");
    }

    /** Returns the same arguments, in a form that can be understood in one way only. */
    private List<String> unambiguous() {
        List<String> all = new ArrayList<>(others);
        for (Map.Entry<OptionSpec, Boolean> flag : flags.entrySet()) {
            if (flag.getValue()) {
                all.add(flag.getKey().longestName());
            }
        }
        for (Map.Entry<OptionSpec, List<String>> option : values.entrySet()) {
            for (String value : option.getValue()) {
                all.add(option.getKey().longestName() + "=" + value);
            }
        }
        if (!positionals.isEmpty()) {
            all.add(END_OF_OPTIONS);
            all.addAll(positionals);
        }
        return all;
    }
}
