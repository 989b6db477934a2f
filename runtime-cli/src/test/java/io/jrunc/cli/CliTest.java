// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.seccomp.SeccompCommand;
import io.jrunc.spec.json.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole command lines that need neither root nor a container. */
class CliTest {
    @TempDir Path directory;
    private Caller caller;

    @BeforeEach
    void standHere() {
        caller = new Caller(directory);
    }

    private Caller.Result run(String... arguments) {
        return caller.run(arguments);
    }

    /** As {@link #run}, with a state directory of its own. */
    private Caller.Result runHere(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--root";
        all[1] = directory.resolve("state").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return caller.run(all);
    }

    @Test
    void everyCommandIsFoundByItsNameAndExplainsItself() {
        for (String name : Commands.NAMES) {
            assertEquals(name, Commands.named(name).orElseThrow().name());
            Caller.Result help = run(name, "--help");

            assertEquals(0, help.status(), help::toString);
            assertTrue(help.out().startsWith("Usage: jrunc " + name), help.out());
            assertTrue(
                    help.out().contains(Commands.named(name).orElseThrow().summary()), help.out());
            assertEquals(help, run("help", name));
        }
        assertEquals(Optional.empty(), Commands.named("destroy"));
    }

    @Test
    void namesAreSortedAndAllInTheOverview() {
        List<String> sorted = new ArrayList<>(Commands.NAMES);
        Collections.sort(sorted);
        assertEquals(sorted, Commands.NAMES);

        for (String[] arguments : new String[][] {{}, {"help"}, {"--help"}, {"-h"}, {"h"}}) {
            Caller.Result overview = run(arguments);
            assertEquals(0, overview.status(), overview::toString);
            for (String name : Commands.NAMES) {
                assertTrue(overview.out().contains("\n  " + name + " "), overview.out());
            }
        }
    }

    @Test
    void versionIsInTheFormThatEnginesParse() {
        for (String option : new String[] {"--version", "-v", "-V", "-version"}) {
            Caller.Result version = run(option);

            assertEquals(0, version.status(), version::toString);
            assertTrue(
                    version.out()
                            .matches(
                                    "jrunc version \\S+\ncommit: \\S+\nspec: \\d+\\.\\d+\\.\\d+\n"
                                            + "(.*\n)*"),
                    version.out());
        }
    }

    @Test
    void versionNamesFeaturesAsCrunDoes() {
        String version = run("--version").out();

        assertTrue(version.contains("\n+SYSTEMD +SELINUX +APPARMOR "), version);
        assertTrue(version.contains("+CRIU"), version);
    }

    /** Source: picocli's AbbreviationMatcher, argument files: none of it is wanted. */
    @Test
    void noArgumentIsReadFromAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("words"), "--version\nweb1\n");

        for (String argument : new String[] {"@" + file, "@@" + file}) {
            Caller.Result state = runHere("state", argument);
            Caller.Result first = run(argument);

            assertEquals(1, state.status(), state::toString);
            assertTrue(state.err().contains("words"), state.err());
            assertEquals(3, first.status(), first::toString);
        }
    }

    @Test
    void lastOfTwoOptionsCounts() {
        Path state = directory.resolve("state");
        Caller.Result result =
                run("--root=/nowhere", "--systemd-cgroup=false", "-root", "" + state, "state", "x");

        assertTrue(result.err().contains("in " + state), result.err());
    }

    @Test
    void unknownCommandIsStatus3() {
        Caller.Result unknown = run("destroy", "web1");

        assertEquals(3, unknown.status());
        assertTrue(unknown.err().contains("\\\"destroy\\\" is no command of jrunc"), unknown.err());
        assertEquals("", unknown.out());
    }

    @Test
    void membersOfAGroupAreFoundByTheirNamesAndExplainThemselves() {
        CommandGroup group = new SeccompCommand();
        Caller.Result about = run("seccomp", "--help");

        assertEquals(0, about.status(), about::toString);
        assertEquals(about, run("seccomp", "help"));
        assertEquals(about, run("help", "seccomp"));
        for (String word : group.members()) {
            Caller.Result help = run("seccomp", word, "--help");

            assertEquals("seccomp " + word, group.member(word).orElseThrow().name());
            assertEquals(0, help.status(), help::toString);
            assertTrue(help.out().startsWith("Usage: jrunc seccomp " + word), help.out());
            assertEquals(help, run("help", "seccomp", word));
            assertTrue(about.out().contains("\n  " + word + " "), about.out());
        }
    }

    @Test
    void unknownMemberOfAGroupIsReported() {
        Caller.Result none = run("seccomp");
        Caller.Result unknown = run("seccomp", "destroy", "--now");

        assertEquals(1, none.status());
        assertTrue(none.out().startsWith("Incorrect Usage.\n\nUsage: jrunc seccomp"), none.out());
        assertEquals(1, unknown.status());
        assertTrue(unknown.err().contains("is no command of jrunc seccomp"), unknown.err());
    }

    @Test
    void unknownOptionIsAFailure() {
        for (String[] arguments :
                new String[][] {{"--colour", "state", "x"}, {"state", "--colour", "x"}}) {
            Caller.Result unknown = run(arguments);

            assertEquals(1, unknown.status(), unknown::toString);
            assertTrue(unknown.err().contains("--colour"), unknown.err());
        }
    }

    @Test
    void wrongNumberOfArgumentsShowsTheUsage() {
        Caller.Result none = run("state");
        assertEquals(1, none.status());
        assertTrue(none.out().startsWith("Incorrect Usage.\n\nUsage: jrunc state"), none.out());
        assertTrue(none.err().contains("jrunc state: requires exactly 1 argument(s)"), none.err());

        assertTrue(run("state", "a", "b").err().contains("requires exactly 1 argument(s)"));
        assertTrue(run("kill").err().contains("requires a minimum of 1 argument(s)"));
        assertTrue(run("kill", "a", "b", "c").err().contains("requires a maximum of 2"));
    }

    @Test
    void containerThatDoesNotExistIsReported() {
        Caller.Result state = runHere("state", "web1");

        assertEquals(1, state.status());
        assertTrue(state.err().contains("container does not exist"), state.err());
    }

    @Test
    void oneDashIsAsGoodAsTwoForLongOptions() {
        String root = directory.resolve("state").toString();

        assertEquals(run("--root", root, "state", "x"), run("-root", root, "state", "x"));
        assertEquals(run("--root=" + root, "state", "x"), run("-root=" + root, "state", "x"));
        assertEquals(0, run("spec", "-bundle", directory.toString()).status());
        assertTrue(Files.exists(directory.resolve("config.json")));
    }

    @Test
    void specWritesADocumentThatIsReadAgainAndKeepsWhatIsThere() throws IOException {
        assertEquals(0, run("spec").status());
        byte[] first = Files.readAllBytes(directory.resolve("config.json"));
        assertTrue(SpecReader.read(first).process().isPresent());

        Caller.Result second = run("spec");

        assertEquals(1, second.status());
        assertTrue(second.err().contains("File config.json exists. Remove it first"));
        assertEquals(0, run("spec", "-f", "other.json").status());
        assertTrue(Files.exists(directory.resolve("other.json")));
    }

    @Test
    void featuresAreADocumentOnStandardOutput() {
        Caller.Result features = run("features");

        assertEquals(0, features.status(), features::toString);
        assertTrue(features.out().startsWith("{\n"), features.out());
        assertTrue(features.out().contains("\"ociVersionMax\""), features.out());
    }

    @Test
    void listOfNothingHasOnlyItsHead() throws IOException {
        assertTrue(runHere("list").err().contains("--root: no such directory"));
        Files.createDirectory(directory.resolve("state"));
        Caller.Result list = runHere("list");

        assertEquals(0, list.status(), list::toString);
        assertTrue(list.out().matches("ID +PID +STATUS +BUNDLE +CREATED +OWNER\n"), list.out());
        assertEquals("", runHere("list", "-q").out());
        assertEquals("null", runHere("list", "--format", "json").out().strip());
    }

    @Test
    void bundleWithoutASpecificationIsReported() {
        Caller.Result create = runHere("create", "web1");

        assertEquals(1, create.status());
        assertTrue(
                create.err().contains("JSON specification file config.json not found"),
                create.err());
        assertFalse(Files.exists(directory.resolve("state").resolve("web1")));
    }

    @Test
    void invalidSignalIsReportedBeforeTheContainerIsLookedUp() {
        assertTrue(runHere("kill", "web1", "FOO").err().contains("unknown signal"));
        assertTrue(runHere("kill", "web1", "KILL").err().contains("container does not exist"));
    }

    @Test
    void deletingWhatDoesNotExistIsAFailureUnlessForced() {
        assertEquals(1, runHere("delete", "web1").status());
        assertEquals(0, runHere("delete", "--force", "web1").status());
        assertEquals(0, runHere("delete", "-f", "web1").status());
    }

    @Test
    void failureIsLoggedInTheFormatThatWasAskedFor() throws IOException {
        Caller.Result state = runHere("--log", "here.log", "--log-format", "json", "state", "web1");

        String log = Files.readString(directory.resolve("here.log"));
        assertEquals(1, state.status());
        assertTrue(log.startsWith("{\"level\":\"error\",\"msg\":\""), log);
        assertTrue(log.endsWith("}\n"), log);
        assertFalse(state.err().startsWith("time="), state.err());
    }

    @Test
    void defaultSpecificationCanBeExplained() {
        assertEquals(0, run("spec").status());
        Caller.Result explain = run("explain", "--syscalls");

        assertEquals(0, explain.status(), explain::toString);
    }

    @Test
    void optionOfOtherRuntimesWithAValueIsAccepted() {
        Caller.Result criu = runHere("--criu", "/usr/sbin/criu", "state", "web1");

        assertTrue(criu.err().contains("container does not exist"), criu.err());
    }
}
