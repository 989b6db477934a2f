// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.Commands;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runc makes of the same words, tried with runc 1.1.5 and read in its sources. */
class ArgumentsTest {
    /** Each option of each command: its command, and its longest name. */
    record Given(String command, Option option) {
        boolean isFlag() {
            return option.isFlag();
        }

        Syntax syntax() {
            return ArgumentsTest.syntax(command);
        }

        @Override
        public String toString() {
            return command + " " + longest(option);
        }
    }

    private static Syntax syntax(String command) {
        return (command.isEmpty() ? new Commands() : Commands.named(command).orElseThrow())
                .syntax();
    }

    private static String longest(Option option) {
        return option.names().stream().max(Comparator.comparingInt(String::length)).orElseThrow();
    }

    static List<Given> all() {
        List<Given> all = new ArrayList<>();
        List<String> commands = new ArrayList<>(Commands.NAMES);
        commands.add("");
        for (String command : commands) {
            for (Option option : syntax(command).options()) {
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

    private static Arguments parse(Syntax syntax, String... arguments) {
        return Arguments.parse(syntax, List.of(arguments));
    }

    private static Arguments exec(String... arguments) {
        return parse(syntax("exec"), arguments);
    }

    @ParameterizedTest
    @MethodSource("flags")
    void flagTakesTheWordsOfGo(Given given) {
        for (String name : given.option().names()) {
            for (String word : Arguments.TRUE) {
                assertTrue(parse(given.syntax(), name + "=" + word).has(name), word);
            }
            for (String word : Arguments.FALSE) {
                assertTrue(!parse(given.syntax(), name + "=" + word).has(name), word);
            }
            for (String word : List.of("", "yes", "no", "2", "TRue", " true", "on", "@/x")) {
                Failure f =
                        assertThrows(Failure.class, () -> parse(given.syntax(), name + "=" + word));
                assertTrue(f.getMessage().contains("invalid boolean value"), f::getMessage);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void lastFlagCounts(Given given) {
        String name = longest(given.option());

        assertTrue(parse(given.syntax(), name, name).has(name));
        assertTrue(parse(given.syntax(), name + "=0", name).has(name));
        assertTrue(!parse(given.syntax(), name, name + "=false").has(name));
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
                Arguments joined = parse(given.syntax(), name + "=" + value);
                Arguments apart = parse(given.syntax(), name, value);

                assertEquals(List.of(value), joined.values(name));
                assertEquals(List.of(value), apart.values(name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void lastValueCountsUnlessAllDo(Given given) {
        String name = longest(given.option());
        Arguments twice = parse(given.syntax(), name, "1", name + "=2");

        assertEquals("2", twice.value(name, ""));
        assertEquals(
                given.option().repeated() ? List.of("1", "2") : List.of("2"), twice.values(name));
    }

    @ParameterizedTest
    @MethodSource("values")
    void optionWithoutItsValueIsRefused(Given given) {
        String name = longest(given.option());

        assertThrows(Failure.class, () -> parse(given.syntax(), name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void oneDashIsAsGoodAsTwo(Given given) {
        String name = longest(given.option());
        String end = given.isFlag() ? "" : "=1";
        for (String form : List.of("-" + bare(name) + end, "--" + bare(name) + end)) {
            assertTrue(parse(given.syntax(), form).has(name), form);
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
        Arguments exec = exec(line.split(" "));

        assertEquals(List.of(expected.split(" ")), exec.operands());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--colour", "-xyz", "---cwd", "-x=1", "--cwdd=/"})
    void unknownOptionIsRefused(String option) {
        assertThrows(Failure.class, () -> exec(option, "web1"));
    }

    @Test
    void emptyArgumentsAreArguments() {
        assertEquals(List.of("web1", "", "x", ""), exec("web1", "", "x", "").operands());
    }

    /** As getopt(3) reads them, and so crun. */
    @ParameterizedTest
    @CsvSource({"-td, ''", "-tu1000, 1000", "-tu=1000, 1000", "-dtu 1000, 1000", "-tu -d, -d"})
    void lettersShareADash(String options, String user) {
        Arguments exec = exec((options + " web1").split(" "));

        assertTrue(exec.has("--tty"));
        assertEquals(options.contains("td") || options.contains("dt"), exec.has("--detach"));
        assertEquals(user, exec.value("--user", ""));
        assertEquals(List.of("web1"), exec.operands());
    }

    @Test
    void undescribedOptionIsAMistakeOfTheCommand() {
        Arguments exec = exec("web1");

        assertThrows(IllegalArgumentException.class, () -> exec.has("--bundle"));
    }
}
