// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options, help, logs and what takes no container. Source: runc(8). */
@Requires(ROOT)
class CommandLineIT {
    private static final String[] COMMANDS = {
        "create", "delete", "features", "kill", "list", "run", "spec", "start", "state"
    };

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-v", "-version"})
    void versionIsInTheFormThatEnginesParse(String flag) {
        Result version = Sandbox.current().command(Program.path(), flag).run();

        assertTrue(
                version.lines().get(0).matches("j?runc version \\d+\\.\\d+\\S*"),
                version::describe);
        assertTrue(version.output().contains("\nspec: 1."), version::describe);
        assertEquals("", version.stderr());
    }

    @Test
    @Requires(JRUNC)
    void versionHasTheShortNameOfCrunToo() {
        Result version = Sandbox.current().command(Program.path(), "-V").run();

        assertTrue(version.output().contains("version"), version::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpListsTheCommands(String flag) {
        Result help = Sandbox.current().command(Program.path(), flag).run();

        for (String command : COMMANDS) {
            assertTrue(help.output().contains(command), help::describe);
        }
    }

    @Test
    void helpOfACommandIsPrintedInThreeWays() {
        Sandbox sandbox = Sandbox.current();
        for (String[] way :
                new String[][] {{"create", "--help"}, {"create", "-h"}, {"help", "create"}}) {
            Result help = sandbox.runtime(way).run();

            assertTrue(help.output().contains("--bundle"), help::describe);
            assertEquals("", help.stderr());
        }
    }

    @Test
    @Requires(JRUNC)
    void helpNamesEachOptionOnce() {
        Result help = Sandbox.current().runtime("create", "--help").run();

        assertFalse(help.output().contains("--pid-file, --pid-file"), help::describe);
    }

    @Test
    void unknownCommandEndsWithThree() {
        Result result = Sandbox.current().runtime("frobnicate").run();

        assertEquals(3, result.status(), result::describe);
    }

    @Test
    void unknownOptionIsRefused() {
        Sandbox.current().runtime("create", "--frobnicate", "x").run().failsWith("frobnicate");
    }

    @Test
    void unknownGlobalOptionIsRefused() {
        Result result = Sandbox.current().command(Program.path(), "--frobnicate", "list").run();

        assertTrue((result.stdout() + result.stderr()).contains("frobnicate"), result::describe);
        assertEquals(1, result.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "run", "start", "state", "delete", "kill"})
    void missingArgumentIsReportedWithTheUsage(String command) {
        Result result = Sandbox.current().runtime(command).run();

        assertEquals(1, result.status(), result::describe);
        assertTrue(result.stdout().startsWith("Incorrect Usage.\n\n"), result::describe);
        assertTrue(result.stdout().contains(command), result::describe);
        assertFalse(result.stderr().isEmpty());
    }

    @Test
    void surplusArgumentIsReportedWithTheUsage() {
        Result result = Sandbox.current().runtime("state", "a", "b").run();

        assertEquals(1, result.status());
        assertTrue(result.stdout().startsWith("Incorrect Usage.\n\n"), result::describe);
    }

    /** Spellings that one engine or another uses. */
    @Test
    void optionsMayBeSpeltInManyWays() {
        var bundle = Bundle.busybox().args("true").write();
        String directory = bundle.directory().toString();
        String root = Sandbox.current().root().toString();
        List<List<String>> spellings =
                List.of(
                        List.of("--root", root, "run", "--bundle", directory),
                        List.of("--root=" + root, "run", "--bundle=" + directory),
                        List.of("-root", root, "run", "-bundle", directory),
                        List.of("-root=" + root, "run", "-b", directory),
                        List.of("--root=" + root, "run", "-b=" + directory));
        for (List<String> spelling : spellings) {
            List<String> command = new ArrayList<>(spelling);
            command.add(0, Program.path());
            command.add(Sandbox.current().freshId());

            Result run = Sandbox.current().command(command.toArray(new String[0])).run();

            assertEquals(0, run.status(), run::describe);
        }
    }

    @Test
    @Requires(JRUNC) // Go's parsers end options at the first argument
    void optionsMayFollowTheArgument() {
        Container container = Bundle.busybox().create("true");

        Result delete = Sandbox.current().runtime("delete", container.id(), "--force").run();

        assertEquals("", delete.output());
    }

    @ParameterizedTest
    @Requires(JRUNC) // runc 1.1 lists what is there
    @ValueSource(strings = {"/", "../../../../../../../..", "/tmp/.."})
    void rootOfTheFileSystemIsNoPlaceForState(String root) {
        Result list =
                Sandbox.current()
                        .command(Program.path(), "--root", root, "list")
                        .in(Path.of("/tmp"))
                        .run();

        list.failsWith("should not be set to /");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--log-format=xml", "--cgroup-manager=magic", "--log-level=loud"})
    @Requires(JRUNC)
    void unknownValueOfAGlobalOptionIsRefused(String option) {
        Result list = Sandbox.current().runtime(option, "list").run();

        list.failsWith(option.substring(option.indexOf('=') + 1));
    }

    @Test
    void unknownLogFormatIsRefused() {
        Sandbox.current()
                .runtime("--log-format", "xml", "list")
                .run()
                .failsWith("invalid log-format: xml|unknown log-format \"xml\"");
    }

    @Test
    void failureIsOneLineOnStandardErrorInTheFormatOfLogrus() {
        Result result = Sandbox.current().runtime("state", "none").run();

        assertTrue(
                result.stderr()
                        .matches("time=\"\\S+\" level=error msg=\"container does not exist.*\"\n"),
                result::describe);
    }

    @Test
    void failureInTheLogAndOnStandardErrorIsTheSame() throws IOException {
        Path log = Sandbox.current().freshFile("log");

        Result result =
                Sandbox.current()
                        .runtime("--log", log.toString(), "--log-format", "json", "state", "none")
                        .run();

        List<String> lines = Files.readAllLines(log);
        assertEquals(1, lines.size(), lines::toString);
        JsonNode line = Json.parse(lines.get(0));
        assertEquals("error", line.get("level").asText());
        assertTrue(line.get("msg").asText().startsWith("container does not exist"));
        OffsetDateTime.parse(line.get("time").asText());
        assertEquals(line.get("msg").asText() + "\n", result.stderr());
    }

    @Test
    @Requires(JRUNC)
    void jsonLogHasFieldsForPrograms() throws IOException {
        Path log = Sandbox.current().freshFile("log");
        var bundle = Bundle.busybox().bind(Path.of("/no/such/source"), "/data").args("true");

        bundle.invoke(
                        "--log",
                        log.toString(),
                        "--log-format=json",
                        "run",
                        Sandbox.current().freshId())
                .run()
                .failure();

        List<String> lines = Files.readAllLines(log);
        assertEquals(1, lines.size(), lines::toString);
        JsonNode line = Json.parse(lines.get(0));
        List<String> keys = new ArrayList<>();
        line.fieldNames().forEachRemaining(keys::add);
        assertEquals(
                List.of("level", "msg", "time", "code", "phase", "path", "errno", "hint"), keys);
        assertEquals("ENOENT", line.get("errno").asText());
        assertEquals("/no/such/source", line.get("path").asText());
        assertNotEquals("", line.get("code").asText());
        assertTrue(line.get("phase").asText().startsWith("run "));
    }

    @Test
    void textLogIsInTheFormatOfLogrus() throws IOException {
        Path log = Sandbox.current().freshFile("log");

        Sandbox.current().runtime("--log", log.toString(), "state", "none").run();

        assertTrue(
                Files.readString(log)
                        .matches("time=\"\\S+\" level=error msg=\"container does not exist.*\"\n"));
    }

    @Test
    void logIsAppendedTo() throws IOException {
        Path log = Files.writeString(Sandbox.current().freshFile("log"), "before\n");

        Sandbox.current().runtime("--log", log.toString(), "state", "none").run();

        assertTrue(Files.readString(log).startsWith("before\ntime="));
    }

    @Test
    void logIsMadeEvenIfThereIsNothingToLog() throws IOException {
        Path log = Sandbox.current().freshFile("log");
        Files.createDirectories(Sandbox.current().root());

        Sandbox.current().runtime("--log", log.toString(), "list").run().output();

        assertEquals("", Files.readString(log));
    }

    @Test
    void debugSaysMoreAndOnlyOnStandardError() {
        var bundle = Bundle.busybox().args("echo", "out");

        Result run = bundle.invoke("--debug", "run", Sandbox.current().freshId()).run();

        assertEquals("out", run.output());
        assertTrue(run.stderr().contains("level=debug"), run::describe);
    }

    @Test
    void specIsWrittenOnce() throws IOException {
        Path directory = Sandbox.current().freshDirectory("bundle");

        Result first = Sandbox.current().runtime("spec").in(directory).run();
        Result second = Sandbox.current().runtime("spec").in(directory).run();

        assertEquals("", first.output());
        second.failsWith("config.json exists. Remove it first");
        JsonNode config = Json.parse(Files.readString(directory.resolve("config.json")));
        assertTrue(config.at("/process/terminal").asBoolean());
        assertTrue(config.at("/root/readonly").asBoolean());
        assertEquals("sh", config.at("/process/args/0").asText());
        assertTrue(
                Files.readString(directory.resolve("config.json"))
                        .startsWith("{\n\t\"ociVersion\""));
    }

    @Test
    void specIsWrittenIntoTheBundle() {
        Path directory = Sandbox.current().freshDirectory("bundle");

        Sandbox.current().runtime("spec", "--bundle", directory.toString()).run().output();

        assertTrue(Files.exists(directory.resolve("config.json")));
    }

    @Test
    void rootlessSpecHasAUserNamespace() throws IOException {
        Path directory = Sandbox.current().freshDirectory("bundle");

        Sandbox.current().runtime("spec", "--rootless").in(directory).run().output();

        JsonNode config = Json.parse(Files.readString(directory.resolve("config.json")));
        List<String> types = config.at("/linux/namespaces").findValuesAsText("type");
        assertTrue(types.contains("user"), types::toString);
        assertFalse(types.contains("network"), types::toString);
        assertEquals(1, config.at("/linux/uidMappings/0/size").asInt());
    }

    @Test
    void featuresAreADocument() {
        Result features = Sandbox.current().runtime("features").run();

        JsonNode document = Json.parse(features.output());
        assertEquals("1.0.0", document.get("ociVersionMin").asText());
        List<String> namespaces = new ArrayList<>();
        document.at("/linux/namespaces").forEach(name -> namespaces.add(name.asText()));
        assertTrue(
                namespaces.containsAll(
                        List.of("cgroup", "ipc", "mount", "network", "pid", "user", "uts")),
                namespaces::toString);
        List<String> options = new ArrayList<>();
        document.get("mountOptions").forEach(option -> options.add(option.asText()));
        assertEquals(options.stream().sorted().toList(), options);
        assertTrue(options.containsAll(List.of("ro", "rbind", "nosuid", "rslave", "rro")));
        assertTrue(document.at("/linux/cgroup/v1").asBoolean());
        assertTrue(document.at("/linux/seccomp/enabled").asBoolean());
        assertTrue(features.stdout().startsWith("{\n    \"ociVersionMin\""), features::describe);
        assertTrue(features.stdout().endsWith("}\n"));
    }

    @Test
    void missingConfigIsNamed() {
        Path empty = Sandbox.current().freshDirectory("empty");

        Sandbox.current()
                .runtime("run", Sandbox.current().freshId())
                .in(empty)
                .run()
                .failsWith("config.json not found");
    }

    @Test
    void missingBundleIsNamed() {
        Sandbox.current()
                .runtime("run", "--bundle", "/no/such/bundle", Sandbox.current().freshId())
                .run()
                .failsWith("/no/such/bundle");
    }

    @Test
    void brokenConfigIsRefused() throws IOException {
        var bundle = Bundle.busybox().args("true");
        Invocation run = bundle.invoke("run", Sandbox.current().freshId());
        Files.writeString(bundle.directory().resolve("config.json"), "{\"process\": [}");

        assertEquals(1, run.run().status());
    }

    @Test
    @Requires(JRUNC)
    void fieldOfTheConfigThatIsWrongIsNamedWithItsValue() {
        Bundle.busybox().cwd("tmp").run("true").failsWith("process.cwd", "tmp", "absolute");
        Bundle.busybox()
                .set("/process/user/uid", "root")
                .run("true")
                .failsWith("process.user.uid", "root");
    }

    @Test
    @Requires(JRUNC)
    void configOfAnotherNameIsTaken() throws IOException {
        var bundle = Bundle.busybox().args("echo", "other");
        Invocation run =
                bundle.invoke("run", "--config", "other.json", Sandbox.current().freshId());
        Files.move(
                bundle.directory().resolve("config.json"),
                bundle.directory().resolve("other.json"));

        assertEquals("other", run.run().output());
    }

    @Test
    void unknownPropertyIsIgnored() {
        assertEquals(0, Bundle.busybox().set("/process/novelty", 1).run("true").status());
    }

    /** Podman passes no more than this to some commands. */
    @Test
    void emptyEnvironmentIsEnough() {
        var bundle = Bundle.busybox().args("echo", "ran");
        Map<String, String> none = new TreeMap<>();

        Result run = bundle.invoke("run", Sandbox.current().freshId()).environment(none).run();

        assertEquals("ran", run.output());
        assertEquals("", run.stderr());
    }

    /** The caller may have set these for other programs. */
    @Test
    void variablesForJavaDoNotMatter() {
        var bundle = Bundle.busybox().args("echo", "ran");

        Result run =
                bundle.invoke("run", Sandbox.current().freshId())
                        .variable("JAVA_TOOL_OPTIONS", "-Dx=y")
                        .variable("_JAVA_OPTIONS", "-Xmx1k")
                        .variable("JDK_JAVA_OPTIONS", "-bogus")
                        .variable("CLASSPATH", "/nowhere")
                        .variable("LD_PRELOAD", "/no/such.so")
                        .run();

        assertEquals("ran", run.output());
        assertFalse(run.stderr().contains("JAVA"), run::describe);
    }

    @Test
    void deletedWorkingDirectoryDoesNotMatter() {
        Container container = Bundle.busybox().create("true");
        Path gone = Sandbox.current().freshDirectory("gone");

        Result delete =
                Sandbox.current()
                        .runtime("delete", container.id())
                        .under("sh", "-c", "rmdir \"$PWD\"; exec \"$@\"", "sh")
                        .in(gone)
                        .run();

        assertEquals(0, delete.status(), delete::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&- 2>&-", "</dev/null >/dev/null 2>&1"})
    void closedStreamsDoNotMatter(String closed) {
        var bundle =
                Bundle.busybox().args("sh", "-c", "readlink /proc/1/fd/* > /dev/shm/x; exit 9");

        Result run =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "exec \"$@\" " + closed, "sh")
                        .run();

        assertEquals(9, run.status(), run::describe);
    }
}
