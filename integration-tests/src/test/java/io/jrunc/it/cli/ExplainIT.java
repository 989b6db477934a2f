// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.seccomp.profile.BundledProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command explain: all that run would do, without root and without doing it. */
@Requires({ROOT, JRUNC, SETPRIV})
class ExplainIT {
    private static final String[] UNPRIVILEGED = OrdinaryUser.become("--no-new-privs");

    @Test
    void eachStepIsShownWithItsField() {
        Result explain = explain(Bundle.busybox());

        for (String line : explain.lines()) {
            assertTrue(line.matches(" *\\d+  \\S+ +.+  \\[.+\\]"), line);
        }
        assertTrue(explain.output().contains("[hostname"), explain::describe);
        assertTrue(explain.output().contains("[mounts[0]]"), explain::describe);
        assertTrue(explain.output().contains("[process.cwd]"), explain::describe);
    }

    @Test
    void whatSpecWritesIsExplained() throws IOException {
        var bundle = Bundle.busybox();
        bundle.set("/process/terminal", true);

        assertEquals(0, explain(bundle).status());
    }

    @Test
    void stepsAreInTheOrderOfExecution() {
        List<String> lines = explain(Bundle.busybox()).lines();

        int proc = indexOf(lines, "[mounts[0]]");
        int masks = indexOf(lines, "[linux.maskedPaths");
        int program = indexOf(lines, "[process.args[0]]");
        assertTrue(0 < proc && proc < masks && masks < program, lines::toString);
    }

    @Test
    void explanationIsJsonToo() {
        Result explain = explain(Bundle.busybox(), "--format", "json");

        JsonNode steps = Json.parse(explain.output());
        assertTrue(steps.size() > 10);
        for (JsonNode step : steps) {
            assertFalse(step.get("step").asText().isEmpty());
            assertFalse(step.get("field").asText().isEmpty());
            assertFalse(step.has("calls"));
        }
    }

    @Test
    void systemCallsAreShownOnRequest() {
        Result text = explain(Bundle.busybox(), "--syscalls");
        JsonNode steps =
                Json.parse(explain(Bundle.busybox(), "--syscalls", "--format=json").output());

        for (String call : List.of("clone3(", "pivot_root(", "execve(", "sethostname(\"box\"")) {
            assertTrue(text.output().contains(call), () -> call + text.describe());
        }
        List<String> calls = new ArrayList<>();
        steps.forEach(step -> step.path("calls").forEach(call -> calls.add(call.asText())));
        assertTrue(calls.stream().anyMatch(call -> call.contains("pivot_root(")));
    }

    @Test
    void nothingIsChanged() throws IOException {
        var bundle = Bundle.busybox().mount("/new/point", "tmpfs", "t").cwd("/new/directory");
        bundle.writable().write();
        List<String> before = files(bundle.directory());

        explain(bundle, "--syscalls").output();
        Result byRoot = bundle.invoke("explain", "--syscalls").run();

        assertEquals(0, byRoot.status(), byRoot::describe);
        assertEquals(before, files(bundle.directory()));
        assertEquals(List.of(), Sandbox.current().remains());
        assertTrue(Files.notExists(Sandbox.current().root()));
    }

    @Test
    void faultOfTheConfigIsReported() {
        explain(Bundle.busybox().cwd("tmp")).failsWith("process.cwd");
    }

    @Test
    void explanationIsAPageAndAGraphToo() throws IOException {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", "nosuid");
        bundle.seccomp(BundledProfile.DEFAULT);

        String page = bundle.invoke("explain", "--format", "html", "--syscalls").run().output();
        String graph = bundle.invoke("explain", "--format", "dot").run().output();

        List<String> lines = Files.readAllLines(bundle.directory().resolve("config.json"));
        Matcher line = Pattern.compile("<code>/data</code>.*?href=\"#L(\\d+)\"").matcher(page);
        assertTrue(line.find(), page);
        int number = Integer.parseInt(line.group(1));
        String mount =
                String.join("", lines.subList(number - 1, Math.min(number + 5, lines.size())));
        assertTrue(mount.contains("/data"), () -> number + ": " + mount);
        for (String part : List.of("pivot_root(", "CAP_KILL", "reboot", "pid, new", "/data")) {
            assertTrue(page.contains(part), () -> part + " in " + page);
        }
        assertTrue(graph.startsWith("digraph ") && graph.contains("/data"), graph);
    }

    @Test
    void pageOfAContainerShowsWhatItWasCreatedFrom() {
        var bundle = Bundle.busybox();
        var container = bundle.start("sleep", "60");

        Result page =
                Sandbox.current()
                        .runtime("explain", "--container", container.id(), "--format", "html")
                        .run();

        assertTrue(
                page.output().contains("config.json of container " + container.id()),
                page::describe);
        assertTrue(page.output().contains("sleep 60"), page::describe);
    }

    @Test
    void unknownFormatIsRefused() {
        explain(Bundle.busybox(), "--format", "xml").failsWith("xml");
    }

    private static Result explain(Bundle bundle, String... options) {
        List<String> arguments = new ArrayList<>(List.of("explain"));
        arguments.addAll(List.of(options));
        return bundle.invoke(arguments).under(UNPRIVILEGED).run();
    }

    private static int indexOf(List<String> lines, String part) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
