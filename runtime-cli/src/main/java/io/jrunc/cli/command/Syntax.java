// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a command takes: options, then operands. This is the only description of a command line:
 * {@link Arguments} parses by it, and {@link CommandModel} turns it into help, manual pages and
 * completion.
 */
public final class Syntax {
    /** Any number of operands. */
    public static final int ANY = Integer.MAX_VALUE;

    private final List<Option> options = new ArrayList<>();
    private final List<Operand> operands = new ArrayList<>();
    private boolean optionsEndAtOperand;

    /**
     * One or more arguments that are no options.
     *
     * @param label what help calls it
     */
    public record Operand(String label, int min, int max) {}

    /** Adds an option without a value. */
    public void flag(String description, String... names) {
        add("", description, false, names);
    }

    /** Adds an option with a value, of which the last one counts. */
    public void option(String label, String description, String... names) {
        add(label, description, false, names);
    }

    /** Adds an option with a value, of which all count. */
    void repeated(String label, String description, String... names) {
        add(label, description, true, names);
    }

    /** Adds an option with a value that help does not show. */
    void hidden(String... names) {
        add("VALUE", "", false, names);
    }

    private void add(String label, String description, boolean repeated, String... names) {
        options.add(new Option(List.of(names), label, description, repeated));
    }

    /** Adds an operand that must be there. */
    public void operand(String label) {
        operands(label, 1, 1);
    }

    /** Adds an operand that may be there. */
    public void optional(String label) {
        operands(label, 0, 1);
    }

    /** Adds several operands of one kind. */
    public void operands(String label, int min, int max) {
        operands.add(new Operand(label, min, max));
    }

    /**
     * Has everything after the first operand be an operand, so that it may be another program's.
     */
    public void optionsEndAtOperand() {
        optionsEndAtOperand = true;
    }

    public List<Option> options() {
        return options;
    }

    public List<Operand> operands() {
        return operands;
    }

    /** Returns whether what follows the first operand is no option. */
    public boolean endsOptionsAtOperand() {
        return optionsEndAtOperand;
    }

    /** Returns how many operands there must be. */
    int min() {
        int min = 0;
        for (Operand operand : operands) {
            min += operand.min();
        }
        return min;
    }

    /** Returns how many operands there may be; {@link #ANY}. */
    int max() {
        int max = 0;
        for (Operand operand : operands) {
            max = operand.max() == ANY ? ANY : max + operand.max();
        }
        return max;
    }

    /** Returns the option with exactly this name, if there is one. */
    Optional<Option> named(String name) {
        for (Option option : options) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }
}
