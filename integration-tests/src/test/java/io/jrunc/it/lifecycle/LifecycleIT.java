// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** create, start, state, kill, delete, list. Source: runtime-spec runtime.md#lifecycle. */
@Requires(ROOT)
class LifecycleIT {
    private static final String NONE = "container does not exist";

    /** A program that ends, with 7, at the signal TERM; and says when that will be so. */
    private static final String[] ENDS_AT_TERM = {
        "sh", "-c", "trap 'echo ended; exit 7' TERM; echo ready; while :; do sleep 0.02; done"
    };

    @Test
    void containerIsCreatedThenRunsThenIsStopped() {
        Container container = Bundle.busybox().create("sleep", "60");
        assertEquals("created", container.status());

        container.start().output();
        assertEquals("running", container.status());

        container.kill("KILL").output();
        assertEquals("stopped", container.awaitEnd().status());
    }

    @Test
    void commandsThatSucceedPrintNothing() {
        Container container = Bundle.busybox().args("sleep", "60").container();

        for (Result result :
                List.of(
                        container.create(),
                        container.start(),
                        container.kill("9"),
                        container.awaitEnd().delete())) {
            assertEquals("", result.output());
            assertEquals("", result.stderr());
        }
    }

    @Test
    void nothingRunsBeforeStart() {
        Container container = Bundle.busybox().create("echo", "early");
        Host.pause(100);

        assertEquals("", container.output());
    }

    @Shows({"annotations", "ociVersion"})
    @Test
    void stateIsTheSpecsDocument() {
        var bundle =
                Bundle.busybox().set("/annotations", Json.parse("{\"b\": \"2\", \"a\": \"1\"}"));
        Container container = bundle.create("sleep", "60");

        Result state = container.state();

        JsonNode document = Json.parse(state.output());
        List<String> keys = new ArrayList<>();
        document.fieldNames().forEachRemaining(keys::add);
        assertEquals(
                List.of(
                        "ociVersion",
                        "id",
                        "pid",
                        "status",
                        "bundle",
                        "rootfs",
                        "created",
                        "annotations",
                        "owner"),
                keys);
        assertEquals(container.id(), document.get("id").asText());
        assertEquals(bundle.directory().toString(), document.get("bundle").asText());
        assertEquals(bundle.rootfs().toString(), document.get("rootfs").asText());
        assertEquals(Json.parse("{\"a\": \"1\", \"b\": \"2\"}"), document.get("annotations"));
        assertEquals("", document.get("owner").asText());
        Instant created = Instant.parse(document.get("created").asText());
        assertTrue(Duration.between(created, Instant.now()).toSeconds() < 60);
        assertTrue(Host.proc(document.get("pid").asLong(), "stat").isPresent());
    }

    @Test
    void bundleIsAbsoluteAndCleanInTheState() {
        var bundle = Bundle.busybox().args("true");
        String id = Sandbox.current().freshId();
        bundle.invoke("create", "--bundle", "./", id).run().output();

        JsonNode state = Json.parse(Sandbox.current().runtime("state", id).run().output());

        assertEquals(bundle.directory().toString(), state.get("bundle").asText());
        assertEquals(bundle.rootfs().toString(), state.get("rootfs").asText());
    }

    @Test
    void stateIsIndentedByTwoSpacesAndHasNoNewlineAtItsEnd() {
        Result state = Bundle.busybox().create("true").state();

        assertTrue(state.stdout().startsWith("{\n  \"ociVersion\": \""), state::describe);
        assertTrue(state.stdout().endsWith("\n}"), state::describe);
    }

    @Test
    void stoppedContainerHasPidZero() {
        Container container = Bundle.busybox().start("true").awaitEnd();

        assertEquals(0, container.stateDocument().get("pid").asInt(-1));
    }

    @Test
    void annotationsAreLeftOutIfThereAreNone() {
        assertFalse(Bundle.busybox().create("true").stateDocument().has("annotations"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "start", "kill", "delete"})
    void unknownContainerIsSaidNotToExist(String command) {
        Result result =
                Sandbox.current().runtime(command, "none-" + Sandbox.current().token()).run();

        result.failsWith(NONE);
        assertEquals("", result.stdout());
    }

    @Test
    void deletingAnUnknownContainerByForceSucceeds() {
        Result delete = Sandbox.current().runtime("delete", "--force", "none").run();

        assertEquals("", delete.output());
    }

    @Test
    void idIsGivenOnce() {
        Container first = Bundle.busybox().create("sleep", "60");
        var bundle = Bundle.busybox().args("true");

        bundle.invoke("create", first.id())
                .run()
                .failsWith("container with given ID already exists");
        bundle.invoke("run", first.id()).run().failsWith("container with given ID already exists");
        assertEquals("created", first.status());
        first.start().output();
    }

    @Test
    void idIsFreeAgainAfterDelete() {
        Container container = Bundle.busybox().create("true");
        container.delete().output();

        assertEquals(0, container.create().status());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/b", "a b", "../up", "ümlaut", "a\nb"})
    void malformedIdIsRefused(String id) {
        Bundle.busybox()
                .args("true")
                .invoke("create", id)
                .run()
                .failsWith("invalid.*(container|id)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_under", "plus+dot.dash-", "UPPER", "0"})
    void idMayHaveTheseCharacters(String suffix) {
        String id = Sandbox.current().token() + suffix;

        assertEquals(0, Bundle.busybox().args("true").invoke("run", id).run().status());
    }

    @Test
    void startingTwiceIsRefused() {
        Container container = Bundle.busybox().start("sleep", "60");

        container.start().failsWith("cannot start an already running container");
        assertEquals("running", container.status());
    }

    @Test
    void startingAStoppedContainerIsRefused() {
        Container container = Bundle.busybox().start("true").awaitEnd();

        container.start().failsWith("cannot start a container that has stopped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"15", "TERM", "SIGTERM", "term", ""})
    void signalArrives(String signal) {
        Container container = Bundle.busybox().start(ENDS_AT_TERM).awaitOutput("ready");

        container.kill(signal.isEmpty() ? new String[0] : new String[] {signal}).output();

        assertEquals("ready\nended\n", container.awaitEnd().output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGPEACE", "99", "-3", "1.5"})
    void unknownSignalIsRefused(String signal) {
        Container container = Bundle.busybox().create("sleep", "60");

        Result kill = Sandbox.current().runtime("kill", container.id(), signal).run();

        assertEquals(1, kill.status(), kill::describe);
        assertEquals("created", container.status());
    }

    @Test
    void killEndsACreatedContainer() {
        Container container = Bundle.busybox().create("sleep", "60");

        container.kill("KILL").output();

        assertEquals("stopped", container.awaitEnd().status());
    }

    @Test
    void killingAStoppedContainerIsRefused() {
        Container container = Bundle.busybox().start("true").awaitEnd();

        container.kill("9").failsWith("container not running");
    }

    /** Engines send it to be sure. */
    @ParameterizedTest
    @ValueSource(strings = {"--all", "-a"})
    void killingAllOfAStoppedContainerSucceeds(String flag) {
        Container container = Bundle.busybox().start("true").awaitEnd();

        Result kill = Sandbox.current().runtime("kill", flag, container.id(), "9").run();

        assertEquals(0, kill.status(), kill::describe);
    }

    @Test
    @Requires(JRUNC) // runc 1.1 wants --all
    void killReachesAllProcessesIfTheyShareThePidNamespaceOfTheHost() {
        var bundle = Bundle.busybox().withoutNamespace("pid");
        Container container =
                bundle.start("sh", "-c", "setsid sleep 4343 & echo ready; wait")
                        .awaitOutput("ready");

        container.kill("KILL").output();

        assertTrue(Host.becomes(3000, () -> Host.processes(container.id()).isEmpty()));
    }

    /** Its init has ended; nothing else would end the others. */
    @ParameterizedTest
    @ValueSource(strings = {"kill", "kill --all", "delete"})
    @Requires(JRUNC) // runc 1.1 wants --all
    void processesThatOutliveInitAreKilled(String command) {
        var bundle = Bundle.busybox().withoutNamespace("pid");
        Container container =
                bundle.start("sh", "-c", "setsid sleep 4343 & echo ready")
                        .awaitOutput("ready")
                        .awaitEnd();
        assertFalse(Host.processes(container.id()).isEmpty());
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(container.id());
        if (!command.equals("delete")) {
            words.add("KILL");
        }

        assertEquals("", Sandbox.current().runtime(words).run().output());

        assertTrue(Host.becomes(3000, () -> Host.processes(container.id()).isEmpty()));
    }

    @Test
    @Requires(JRUNC)
    void deleteStraightAfterKillWaitsForTheEnd() {
        Container container = Bundle.busybox().start("sleep", "60");
        String both = "$0 --root $1 kill $2 KILL && exec $0 --root $1 delete $2";
        String root = Sandbox.current().root().toString();

        Result deleted =
                Sandbox.current()
                        .command("sh", "-c", both, Program.path(), root, container.id())
                        .run();

        assertEquals("", deleted.output(), deleted::describe);
        assertFalse(Sandbox.current().knows(container.id()));
    }

    /** Init waits for its child, which a freezer outside the container keeps from ending. */
    @Test
    @Requires({JRUNC, CGROUP_V1})
    void deleteWaitsForAKilledInitThatCannotEndYet() throws Exception {
        Container container =
                Bundle.busybox()
                        .start("sh", "-c", "sleep 4343 & echo ready; wait")
                        .awaitOutput("ready");
        String children = "task/" + container.pid() + "/children";
        String child = Host.proc(container.pid(), children).orElseThrow().strip();
        Path outside = Path.of("/sys/fs/cgroup/freezer", Sandbox.current().freshId());
        Files.createDirectory(outside);
        Files.writeString(outside.resolve("cgroup.procs"), child);
        Files.writeString(outside.resolve("freezer.state"), "FROZEN");
        try {
            container.kill("KILL").output();
            Invocation.Running delete = Sandbox.current().runtime("delete", container.id()).start();
            boolean ended = delete.process().waitFor(2, TimeUnit.SECONDS);
            assertFalse(ended, () -> "did not wait: " + delete.soFar().describe());

            Files.writeString(outside.resolve("freezer.state"), "THAWED");

            assertEquals("", delete.await().output());
            assertFalse(Sandbox.current().knows(container.id()));
        } finally {
            Files.writeString(outside.resolve("freezer.state"), "THAWED");
            Host.becomes(3000, () -> outside.toFile().delete());
        }
    }

    /** What a foreground run's launcher asks for; its container may have been replaced by then. */
    @Test
    @Requires(JRUNC)
    void launcherDeletesNoOtherContainerOfTheSameId() {
        Container container = Bundle.busybox().start("sleep", "60");

        container.delete("--force", "--exit-report", container.pid() + ".1").output();

        assertEquals("running", container.status());
    }

    @Test
    void deletingARunningContainerIsRefused() {
        Container container = Bundle.busybox().start("sleep", "60");

        container
                .delete()
                .failsWith(
                        "cannot delete container "
                                + container.id()
                                + " that is not stopped: running");
        assertEquals("running", container.status());
    }

    @Test
    void deletingARunningContainerByForceEndsIt() {
        Container container = Bundle.busybox().start("sleep", "60");
        long pid = container.pid();

        container.delete("--force").output();

        assertTrue(Host.becomes(1000, () -> Host.proc(pid, "cmdline").orElse("").isEmpty()));
        container.state().failsWith(NONE);
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void deletingACreatedContainerEndsIt() {
        Container container = Bundle.busybox().create("sleep", "60");

        container.delete().output();

        container.state().failsWith(NONE);
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void deletingAStoppedContainerRemovesIt() {
        Container container = Bundle.busybox().start("true").awaitEnd();

        container.delete().output();

        container.state().failsWith(NONE);
    }

    @Test
    void laterEditsOfTheConfigDoNotMatter() {
        var bundle = Bundle.busybox();
        Container container = bundle.create("echo", "before");
        bundle.args("echo", "after").write();

        container.start().output();

        assertEquals("before\n", container.awaitEnd().output());
    }

    @Test
    void pidFileHoldsBareDigits() throws IOException {
        Path file = Sandbox.current().freshFile("pid");
        Container container = Bundle.busybox().args("sleep", "60").container();

        container.create("--pid-file", file.toString()).output();

        assertEquals(Long.toString(container.pid()), Files.readString(file));
    }

    @Test
    void pidFileIsRelativeToTheCallersDirectory() {
        var bundle = Bundle.busybox().args("true");
        String id = Sandbox.current().freshId();
        Path here = Sandbox.current().freshDirectory("here");

        Result create =
                bundle.invoke(
                                "create",
                                "--bundle",
                                bundle.directory().toString(),
                                "--pid-file",
                                "pid",
                                id)
                        .in(here)
                        .run();

        assertEquals("", create.output());
        assertTrue(Files.exists(here.resolve("pid")));
    }

    @Test
    void pidFileThatCannotBeWrittenFailsTheCreate() {
        Container container = Bundle.busybox().args("true").container();

        container.create("--pid-file", "/no/such/place/pid").failsWith("/no/such/place");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void listIsATable() {
        Container container = Bundle.busybox().create("sleep", "60");

        Result list = Sandbox.current().runtime("list").run();

        assertEquals(
                "ID PID STATUS BUNDLE CREATED OWNER",
                list.lines().get(0).strip().replaceAll(" +", " "));
        String row = list.lines().get(1);
        assertTrue(row.startsWith(container.id() + "   " + container.pid()), list::describe);
        assertTrue(row.contains("   created   "), list::describe);
        assertTrue(row.strip().endsWith("   root"), list::describe);
    }

    @Test
    void listIsJson() {
        Container container = Bundle.busybox().create("sleep", "60");

        Result list = Sandbox.current().runtime("list", "--format", "json").run();

        assertEquals(1, list.stdout().lines().count());
        assertTrue(list.stdout().endsWith("]\n"));
        JsonNode entry = Json.parse(list.output()).get(0);
        assertEquals(container.id(), entry.get("id").asText());
        assertEquals("created", entry.get("status").asText());
        assertEquals("root", entry.get("owner").asText());
    }

    @Test
    void listOfIdsIsQuiet() {
        Container one = Bundle.busybox().create("true");
        Container two = Bundle.busybox().create("true");

        Result list = Sandbox.current().runtime("list", "-q").run();

        assertEquals(List.of(one.id(), two.id()), list.lines().stream().sorted().toList());
    }

    @Test
    void emptyListIsNull() throws IOException {
        Files.createDirectories(Sandbox.current().root());

        Result json = Sandbox.current().runtime("list", "-f", "json").run();
        assertEquals("null\n", json.stdout());
        Result quiet = Sandbox.current().runtime("list", "--quiet").run();
        assertEquals("", quiet.output());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 prints none
    void listOfAMissingRootIsRefusedIfItWasNamed() {
        assertEquals(1, Sandbox.current().runtime("list").run().status());
    }

    @Test
    void entryOfTheRootThatIsNoContainerIsSkipped() throws IOException {
        Container container = Bundle.busybox().create("true");
        Path stray = Files.createDirectory(Sandbox.current().root().resolve("stray"));

        Result list = Sandbox.current().runtime("list", "-q").run();

        assertEquals(container.id(), list.output());
        Files.delete(stray);
    }

    @Test
    @Requires(JRUNC) // both lose in runc 1.1
    void oneOfTwoSimultaneousCreatesWins() {
        var bundle = Bundle.busybox().args("true");
        String id = Sandbox.current().freshId();

        var first = bundle.invoke("create", id).start();
        var second = bundle.invoke("create", id).start();

        List<Integer> statuses =
                new ArrayList<>(List.of(first.await().status(), second.await().status()));
        statuses.sort(null);
        assertEquals(List.of(0, 1), statuses);
        assertEquals(
                "created",
                Json.parse(Sandbox.current().runtime("state", id).run().output())
                        .get("status")
                        .asText());
    }

    @Test
    void oneOfTwoSimultaneousStartsWins() {
        Container container = Bundle.busybox().create("sleep", "60");

        var first = Sandbox.current().runtime("start", container.id()).start();
        var second = Sandbox.current().runtime("start", container.id()).start();

        assertEquals(1, first.await().status() + second.await().status());
        assertEquals("running", container.status());
    }

    @Test
    @Requires(JRUNC) // now and then one fails in runc 1.1: EOF
    void manyContainersAreCreatedAtOnce() {
        var bundle = Bundle.busybox().args("true");
        List<Invocation.Running> creations = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            creations.add(bundle.invoke("create", Sandbox.current().freshId()).start());
        }

        for (var creation : creations) {
            Result create = creation.await();
            assertEquals(0, create.status(), create::describe);
        }
        assertEquals(6, Sandbox.current().runtime("list", "-q").run().lines().size());
    }

    @Test
    @Requires(JRUNC)
    void deleteAndKillTakeManyByRegularExpression() {
        Bundle.busybox().start("sleep", "60");
        Bundle.busybox().start("sleep", "60");
        String pattern = "^" + Sandbox.current().token() + "-[0-9]+$";

        Sandbox.current().runtime("kill", "--regex", pattern, "KILL").run().output();
        assertTrue(Host.becomes(3000, () -> Host.processes(Sandbox.current().token()).isEmpty()));
        Sandbox.current().runtime("delete", "--force", "--regex", pattern).run().output();

        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    @Requires(JRUNC)
    void deleteAllRemovesAll() {
        Bundle.busybox().create("true");
        Bundle.busybox().start("sleep", "60");

        Sandbox.current().runtime("delete", "--force", "--all").run().output();

        assertEquals(List.of(), Sandbox.current().remains());
    }
}
