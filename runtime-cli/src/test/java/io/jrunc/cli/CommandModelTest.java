// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.command.CommandModel;
import io.jrunc.cli.command.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The model for picocli describes the same command lines as those that are parsed. */
class CommandModelTest {
    static List<Command> all() {
        List<Command> all = new ArrayList<>();
        addBelow(new Commands(), all);
        return all;
    }

    private static void addBelow(CommandGroup group, List<Command> all) {
        for (String word : group.members()) {
            Command member = group.member(word).orElseThrow();
            all.add(member);
            if (member instanceof CommandGroup inner) {
                addBelow(inner, all);
            }
        }
    }

    @Test
    void everyCommandHasAName() {
        Set<String> named = new TreeSet<>(Set.of(Commands.class.getSimpleName()));
        all().forEach(command -> named.add(command.getClass().getSimpleName()));

        Set<String> written =
                new ClassFileImporter()
                        .importPackages("io.jrunc.cli").stream()
                                .filter(type -> type.isAssignableTo(Command.class))
                                .filter(
                                        type ->
                                                !type.getModifiers()
                                                        .contains(JavaModifier.ABSTRACT))
                                .map(JavaClass::getSimpleName)
                                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(written, named);
    }

    /** Lines that Go and picocli read in the same way. */
    @ParameterizedTest
    @MethodSource("all")
    void picocliReadsTheSame(Command command) {
        if (command instanceof CommandGroup) {
            return; // picocli goes on with the member
        }
        List<String> line = new ArrayList<>();
        for (Option option : command.syntax().options()) {
            String name = option.names().get(option.names().size() - 1);
            line.add(option.isFlag() ? name : name + "=" + name.length());
            if (option.repeated()) {
                line.add(name + "=second");
            }
        }
        int operands = command.syntax().operands().stream().mapToInt(o -> o.min()).sum();
        for (int i = 0; i < operands; i++) {
            line.add("operand" + i);
        }

        ParseResult theirs = parse(command, line);
        Arguments ours = Arguments.parse(command.syntax(), line);

        for (OptionSpec option : theirs.commandSpec().options()) {
            String name = option.longestName();
            assertEquals(theirs.hasMatchedOption(name), ours.has(name), name);
            if (option.arity().max() > 0) {
                assertEquals(theirs.matchedOption(name).stringValues(), ours.values(name), name);
            }
        }
        List<String> theirOperands = new ArrayList<>();
        theirs.matchedPositionals().forEach(all -> theirOperands.addAll(all.stringValues()));
        assertEquals(theirOperands, ours.operands());
        if (operands > 0) {
            List<String> fewer = line.subList(0, line.size() - 1);
            assertThrows(ParameterException.class, () -> parse(command, fewer));
        }
        assertEquals(
                command.syntax().operands().stream().anyMatch(o -> o.max() > o.min()),
                takesMore(command, line));
    }

    private static boolean takesMore(Command command, List<String> line) {
        List<String> more = new ArrayList<>(line);
        more.add("more");
        try {
            parse(command, more);
            return true;
        } catch (ParameterException e) {
            assertTrue(e.getMessage().contains("more"), e.getMessage());
            return false;
        }
    }

    private static ParseResult parse(Command command, List<String> line) {
        return new CommandLine(CommandModel.of(command)).parseArgs(line.toArray(new String[0]));
    }

    @Test
    void eachOptionOfACommandHasADescriptionOrIsHidden() {
        for (Command command : all()) {
            for (Option option : command.syntax().options()) {
                assertEquals(option.isHidden(), option.description().isEmpty());
                assertTrue(
                        option.isHidden() || option.description().length() > 2, option.toString());
            }
        }
    }
}
