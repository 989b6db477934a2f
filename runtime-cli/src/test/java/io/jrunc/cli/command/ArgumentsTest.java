// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.Commands;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What runc makes of the same words, tried with runc 1.1.5 and read in its sources. */
class ArgumentsTest {
    /** Each option of each command: its command, and its longest name. */
    record Given(String command, OptionSpec option) {
        boolean isFlag() {
            return option.arity().max() == 0;
        }

        CommandSpec spec() {
            return specification(command);
        }

        @Override
        public String toString() {
            return command + " " + option.longestName();
        }
    }

    private static CommandSpec specification(String command) {
        if (!command.isEmpty()) {
            return Commands.named(command).specification();
        }
        CommandSpec spec = CommandSpec.create().name("jrunc");
        GlobalOptions.describe(spec);
        return spec;
    }

    static List<Given> all() {
        List<Given> all = new ArrayList<>();
        List<String> commands = new ArrayList<>(Commands.NAMES);
        commands.add("");
        for (String command : commands) {
            for (OptionSpec option : specification(command).options()) {
                all.add(new Given(command, option));
            }
        }
        return all;
    }

    static List<Given> flags() {
        return all().stream().filter(Given::isFlag).toList();
    }

    static List<Given> values() {
        return all().stream().filter(given -> !given.isFlag()).toList();
    }

    private static ParseResult parse(CommandSpec spec, String... arguments) {
        return Arguments.parse(spec, List.of(arguments));
    }

    private static ParseResult exec(String... arguments) {
        return parse(specification("exec"), arguments);
    }

    @ParameterizedTest
    @MethodSource("flags")
    void flagTakesTheWordsOfGo(Given given) {
        for (String name : given.option().names()) {
            for (String word : Arguments.TRUE) {
                assertTrue(Command.has(parse(given.spec(), name + "=" + word), name), word);
            }
            for (String word : Arguments.FALSE) {
                assertTrue(!Command.has(parse(given.spec(), name + "=" + word), name), word);
            }
            for (String word : List.of("", "yes", "no", "2", "TRue", " true", "on", "@/x")) {
                Failure f =
                        assertThrows(Failure.class, () -> parse(given.spec(), name + "=" + word));
                assertTrue(f.getMessage().contains("invalid boolean value"), f::getMessage);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void lastFlagCounts(Given given) {
        String name = given.option().longestName();

        assertTrue(Command.has(parse(given.spec(), name, name), name));
        assertTrue(Command.has(parse(given.spec(), name + "=0", name), name));
        assertTrue(!Command.has(parse(given.spec(), name, name + "=false"), name));
    }

    /** Whatever it looks like, the argument after an option is its value. */
    @ParameterizedTest
    @MethodSource("values")
    void valueIsTakenAsItIs(Given given) {
        for (String value :
                List.of(
                        "",
                        "-",
                        "--",
                        "-x",
                        "--help",
                        "-h",
                        "@/etc/passwd",
                        "@",
                        "=",
                        "a=b",
                        "=x",
                        " a ",
                        "\"a\"",
                        "'a'",
                        "a,b",
                        "a\nb",
                        "${x}",
                        "\\",
                        "\udcff",
                        "-1",
                        "x".repeat(1 << 17))) {
            for (String name : given.option().names()) {
                ParseResult joined = parse(given.spec(), name + "=" + value);
                ParseResult apart = parse(given.spec(), name, value);

                assertEquals(List.of(value), Command.values(joined, name));
                assertEquals(List.of(value), Command.values(apart, name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void lastValueCountsUnlessAllDo(Given given) {
        String name = given.option().longestName();
        ParseResult twice = parse(given.spec(), name, "1", name + "=2");

        assertEquals("2", Command.value(twice, name, ""));
        assertEquals(
                given.option().isMultiValue() ? List.of("1", "2") : List.of("2"),
                Command.values(twice, name));
    }

    @ParameterizedTest
    @MethodSource("values")
    void optionWithoutItsValueIsRefused(Given given) {
        String name = given.option().longestName();

        assertThrows(ParameterException.class, () -> parse(given.spec(), name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void oneDashIsAsGoodAsTwo(Given given) {
        String name = given.option().longestName();
        String end = given.isFlag() ? "" : "=1";
        for (String form : List.of("-" + bare(name) + end, "--" + bare(name) + end)) {
            assertTrue(Command.has(parse(given.spec(), form), name), form);
        }
    }

    private static String bare(String name) {
        return name.replaceFirst("^--?", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    web1 echo @/etc/passwd      | web1 echo @/etc/passwd
                    web1 echo -- x              | web1 echo -- x
                    web1 -- echo x              | web1 -- echo x
                    -- web1 echo y              | web1 echo y
                    -- -web1 echo               | -web1 echo
                    --cwd / web1 ls --cwd /bin  | web1 ls --cwd /bin
                    --cwd --env web1 pwd        | web1 pwd
                    -d web1 -d                  | web1 -d
                    - x                         | - x
                    @web1 true                  | @web1 true
                    --env= web1 =               | web1 =
                    """)
    void argumentsOfAProgramAreItsOwn(String line, String expected) {
        ParseResult exec = exec(line.split(" "));

        assertEquals(List.of(expected.split(" ")), Command.positionals(exec));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--colour", "-xyz", "---cwd", "-x=1", "--cwdd=/"})
    void unknownOptionIsRefused(String option) {
        assertThrows(ParameterException.class, () -> exec(option, "web1"));
    }

    @Test
    void emptyArgumentsAreArguments() {
        assertEquals(List.of("web1", "", "x", ""), Command.positionals(exec("web1", "", "x", "")));
    }
}
