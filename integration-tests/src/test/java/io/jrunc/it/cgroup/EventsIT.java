// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.RUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics and wants of memory. Source: runc's events(8). */
@Requires({ROOT, CGROUP_V1})
class EventsIT {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final long LIMIT = 33_554_432;

    /** Once the file is there, it takes more and more memory. */
    private static final String HOG = "until [ -e /go ]; do usleep 10000; done; ";

    /** Left out while they are zero. */
    private static final Set<String> OFTEN_ZERO = Set.of("total", "cache", "usage", "max");

    private static Bundle limited() {
        var bundle = Bundle.busybox().set("/root/readonly", false);
        bundle.set("/linux/resources/memory/limit", LIMIT);
        bundle.set("/linux/resources/memory/swap", LIMIT);
        return bundle.set("/linux/resources/pids/limit", 20);
    }

    private static Invocation events(Container container, String... options) {
        List<String> words = new java.util.ArrayList<>(List.of("events"));
        words.addAll(List.of(options));
        words.add(container.id());
        return Sandbox.current().runtime(words);
    }

    private static JsonNode stats(Container container) {
        Result once = events(container, "--stats").run();
        assertEquals(1, once.lines().size(), once::describe);
        return Json.parse(once.output());
    }

    /** Lets it run, and returns when it has begun to watch. */
    private static Invocation.Running watch(Container container, Invocation events) {
        Invocation.Running running = events.start();
        awaitLine(running, "\"type\":\"stats\",\"id\":\"" + container.id());
        return running;
    }

    private static void awaitLine(Invocation.Running running, String part) {
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Result.text(running.stdout()).contains(part)),
                () -> "no " + part + ": " + running.soFar().describe());
    }

    private static void go(Bundle bundle) throws IOException {
        Files.createFile(bundle.inside("/go"));
    }

    @Test
    void statisticsAreThoseOfTheContainer() {
        Container container = limited().start("sleep", "60");

        JsonNode event = stats(container);

        assertEquals("stats", event.get("type").asText());
        assertEquals(container.id(), event.get("id").asText());
        JsonNode data = event.get("data");
        assertEquals(1, data.at("/pids/current").asInt());
        assertEquals(20, data.at("/pids/limit").asInt());
        assertEquals(LIMIT, data.at("/memory/usage/limit").asLong());
        assertEquals(LIMIT, data.at("/memory/swap/limit").asLong());
        assertEquals(LIMIT, data.at("/memory/raw/hierarchical_memory_limit").asLong());
        assertTrue(data.at("/memory/usage/usage").asLong() > 0, data::toString);
        assertTrue(data.at("/cpu/usage/total").asLong() > 0, data::toString);
        assertEquals(
                Result.text(
                                Host.cgroups(container.id()).stream()
                                        .filter(path -> path.startsWith("/sys/fs/cgroup/cpuset"))
                                        .findFirst()
                                        .orElseThrow()
                                        .resolve("cpuset.mems"))
                        .strip(),
                data.at("/cpuset/mems/0").asText());
        assertTrue(data.get("network_interfaces").isNull());
    }

    @Test
    @Requires({JRUNC, RUNC})
    void formIsThatOfRunc() {
        Bundle bundle = limited();
        Container ours = bundle.start("sleep", "60");
        String name = Sandbox.current().token() + "-runc";
        String root = Sandbox.current().freshDirectory("runc").toString();
        String[] runc = {"runc", "--root", root};
        command(runc, "run", "--detach", "--bundle", bundle.directory().toString(), name)
                .run()
                .output();
        try {
            JsonNode theirs = Json.parse(command(runc, "events", "--stats", name).run().output());

            // What Debian's runc does not know yet, or not where v1 is mounted beside v2.
            Set<String> more = Set.of("psi", "hugetlb");

            assertEquals(shape(theirs, more), shape(stats(ours), more));
        } finally {
            command(runc, "delete", "--force", name).run();
        }
    }

    private static Invocation command(String[] runc, String... words) {
        List<String> all = new java.util.ArrayList<>(List.of(runc));
        all.addAll(List.of(words));
        return Sandbox.current().command(all.toArray(new String[0]));
    }

    /** The paths of all members, but not those that come and go. */
    private static Set<String> shape(JsonNode node, Set<String> without) {
        Set<String> paths = new TreeSet<>();
        collect("", node, without, paths);
        return paths;
    }

    private static void collect(String at, JsonNode node, Set<String> without, Set<String> paths) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            boolean often = OFTEN_ZERO.contains(name) && member.getValue().isNumber();
            if (!often && !without.contains(name) && !at.equals("/data/blkio")) {
                paths.add(at + "/" + name);
                collect(at + "/" + name, member.getValue(), without, paths);
            }
        }
    }

    @Test
    void createdContainerHasStatistics() {
        assertEquals(1, stats(limited().create("sleep", "60")).at("/data/pids/current").asInt());
    }

    @Test
    void pausedContainerHasStatistics() {
        Container container = limited().start("sleep", "60");
        container.pause().output();

        assertEquals(1, stats(container).at("/data/pids/current").asInt());

        container.resume().output();
    }

    @Test
    void statisticsComeAgainAndAgain() {
        Container container = limited().start("sleep", "60");
        Invocation.Running running = events(container, "--interval", "20ms").start();

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS, () -> Result.text(running.stdout()).lines().count() >= 3),
                () -> running.soFar().describe());

        running.process().destroy();
        running.await();
    }

    @Test
    @Requires(JRUNC) // runc goes on until the container is deleted
    void endOfTheContainerIsTheEndOfItsEvents() {
        Container container = limited().start("sleep", "60");
        var running = watch(container, events(container, "--interval", "20ms"));

        container.kill("KILL").output();

        assertEquals(0, running.await().status());
    }

    @Test
    void outOfMemoryIsReportedAtAnyTime() throws IOException {
        Bundle bundle = limited();
        String twice = HOG + "tail /dev/zero; rm /go; " + HOG + "tail /dev/zero; sleep 60";
        Container container = bundle.start("sh", "-c", twice);
        var running = watch(container, events(container, "--interval", "50ms"));
        String oom = "{\"type\":\"oom\",\"id\":\"" + container.id() + "\"}\n";

        go(bundle);
        awaitLine(running, oom);
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Files.notExists(bundle.inside("/go"))));
        int first = Result.text(running.stdout()).split("\"oom\"", -1).length;
        go(bundle);
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> Result.text(running.stdout()).split("\"oom\"", -1).length > first),
                () -> running.soFar().describe());

        running.process().destroy();
        running.await();
    }

    @Test
    @Requires(JRUNC) // runc goes on until the container is deleted
    void outOfMemoryThatEndsTheContainerIsReportedBeforeTheEnd() throws IOException {
        Bundle bundle = limited();
        Container container = bundle.start("sh", "-c", HOG + "exec tail /dev/zero");
        var running = watch(container, events(container, "--interval", "50ms"));

        go(bundle);
        Result end = running.await();

        String oom = "{\"type\":\"oom\",\"id\":\"" + container.id() + "\"}";
        assertTrue(end.lines().contains(oom), end::describe);
    }

    @Test
    @Requires({JRUNC, BASH}) // runc is killed by SIGPIPE
    void readerThatGoesAwayEndsThem() {
        Container container = limited().start("sleep", "60");

        Result head =
                events(container, "--interval", "20ms")
                        .under("bash", "-c", "\"$@\" | head -n 1; echo ${PIPESTATUS[0]}", "bash")
                        .run();

        assertEquals(2, head.lines().size(), head::describe);
        assertEquals("0", head.lines().get(1), head::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "KILL"})
    @Requires(JRUNC)
    void nothingRunsOnWhenItIsKilled(String signal) {
        Container container = limited().start("sleep", "60");
        // A background job inherits an ignored SIGINT from its shell.
        var watching = events(container, "--interval", "20ms").under("env", "--default-signal");
        var running = watch(container, watching);
        List<ProcessHandle> java = running.process().children().toList();
        assertEquals(1, java.size());

        Sandbox.current().command("kill", "-" + signal, Long.toString(running.pid())).run();

        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> !java.get(0).isAlive()));
        assertEquals("", Result.text(running.stderr()));
        assertEquals("running", container.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "-1s"})
    void intervalMustBePositive(String interval) {
        Container container = limited().start("sleep", "60");

        events(container, "--interval=" + interval)
                .run()
                .failsWith("duration interval must be greater than 0");
    }

    @Test
    void intervalMustBeADuration() {
        Container container = limited().start("sleep", "60");

        Result events = events(container, "--interval", "bogus").run();

        events.failsWith("bogus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--stats", "--interval=1s"})
    void containerThatHasEndedHasNoEvents(String option) {
        Container container = limited().start("true").awaitEnd();

        events(container, option).run().failsWith(container.id() + " is not running");
    }
}
