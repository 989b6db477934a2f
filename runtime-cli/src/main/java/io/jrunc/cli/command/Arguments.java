// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Arguments as Go programs read them, and so as engines write them: one dash is as good as two, of
 * an option that is given twice the last one counts, a flag may have a value, and the argument
 * after an option is its value whatever it looks like. Source: Go's package flag; runc(8).
 *
 * <p>As in getopt(3), which crun uses, options of one letter may share one dash.
 */
public final class Arguments {
    /** The words for a flag's value. Source: strconv.ParseBool. */
    static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");

    static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

    private final Syntax syntax;
    private final IdentityHashMap<Option, List<String>> values = new IdentityHashMap<>();
    private final List<String> operands = new ArrayList<>();
    private @Nullable Failure problem;

    private Arguments(Syntax syntax) {
        this.syntax = syntax;
    }

    /** Parses {@code words}; a failure says which of them is wrong. */
    public static Arguments parse(Syntax syntax, List<String> words) {
        Arguments arguments = read(syntax, words);
        arguments.check();
        return arguments;
    }

    /** Parses {@code words} to their end, even if some are wrong; {@link #check} says so. */
    public static Arguments read(Syntax syntax, List<String> words) {
        Arguments arguments = new Arguments(syntax);
        for (int i = 0; i < words.size(); ) {
            i = arguments.take(words, i);
        }
        return arguments;
    }

    /** Fails if an argument is wrong. */
    public void check() {
        if (problem != null) {
            throw problem;
        }
    }

    /** Takes the argument at {@code i} and its value; returns the index of the next one. */
    private int take(List<String> words, int i) {
        String word = words.get(i);
        if (word.equals("--")) {
            return takeOperands(words, i + 1);
        }
        if (!word.startsWith("-") || word.equals("-")) {
            if (syntax.endsOptionsAtOperand()) {
                return takeOperands(words, i);
            }
            operands.add(word);
            return i + 1;
        }
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Optional<Option> named = option(name);
        if (named.isEmpty()) {
            return takeLetters(words, i);
        }
        Option option = named.get();
        if (option.isFlag()) {
            set(option, name, equals < 0 ? "true" : word.substring(equals + 1));
        } else if (equals >= 0) {
            add(option, word.substring(equals + 1));
        } else {
            return takeValue(option, words, i + 1);
        }
        return i + 1;
    }

    private int takeOperands(List<String> words, int from) {
        operands.addAll(words.subList(from, words.size()));
        return words.size();
    }

    private int takeValue(Option option, List<String> words, int at) {
        if (at == words.size()) {
            wrong(words.get(at - 1) + ": needs a value (" + option.label() + "); add it");
            return at;
        }
        add(option, words.get(at));
        return at + 1;
    }

    /** Takes {@code -abc} as {@code -a -b -c}; an option with a value ends it: {@code -abVALUE}. */
    private int takeLetters(List<String> words, int i) {
        String word = words.get(i);
        for (int at = 1; at < word.length(); at++) {
            Optional<Option> named =
                    word.startsWith("--") ? Optional.empty() : syntax.named("-" + word.charAt(at));
            if (named.isEmpty()) {
                wrong(word + ": unknown option; see --help");
                return i + 1;
            }
            Option option = named.get();
            if (!option.isFlag()) {
                if (at + 1 == word.length()) {
                    return takeValue(option, words, i + 1);
                }
                add(option, word.substring(word.charAt(at + 1) == '=' ? at + 2 : at + 1));
                return i + 1;
            }
            set(option, "-" + word.charAt(at), "true");
        }
        return i + 1;
    }

    private Optional<Option> option(String name) {
        Optional<Option> option = syntax.named(name);
        if (option.isEmpty() && name.startsWith("--") && name.length() == 3) {
            return syntax.named(name.substring(1));
        }
        return option.isEmpty() && !name.startsWith("--") ? syntax.named("-" + name) : option;
    }

    private void set(Option flag, String name, String value) {
        if (TRUE.contains(value)) {
            values.put(flag, List.of());
        } else if (FALSE.contains(value)) {
            values.remove(flag);
        } else {
            wrong(name + ": invalid boolean value \"" + value + "\"; write true or false");
        }
    }

    private void add(Option option, String value) {
        List<String> all = values.get(option);
        if (all == null || !option.repeated()) {
            all = new ArrayList<>(1);
            values.put(option, all);
        }
        all.add(value);
    }

    private void wrong(String message) {
        if (problem == null) {
            problem = Failure.of(Failure.Code.USAGE, message);
        }
    }

    /** Returns the arguments that are no options. */
    public List<String> operands() {
        return operands;
    }

    /** Returns whether the flag is set, or the option is given. */
    public boolean has(String option) {
        return values.containsKey(described(option));
    }

    /** Returns the value that counts. */
    public String value(String option, String absent) {
        List<String> all = values(option);
        return all.isEmpty() ? absent : all.get(all.size() - 1);
    }

    /** Returns all values that count; none if the option is absent. */
    public List<String> values(String option) {
        return values.getOrDefault(described(option), List.of());
    }

    private Option described(String name) {
        Optional<Option> option = syntax.named(name);
        if (option.isEmpty()) {
            throw new IllegalArgumentException(name + " is not described by this command");
        }
        return option.get();
    }
}
