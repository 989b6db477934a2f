// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Pty;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code top} says that containers use, and what it leaves of a terminal. */
@Requires({ROOT, JRUNC})
class TopIT {
    private static final String CTRL_C = "\u0003";
    private static final String LEFT = "\u001b[?1049l";

    private static Container limited(String... words) {
        return Bundle.busybox()
                .json(
                        "/linux/resources",
                        "{\"memory\": {\"limit\": 33554432, \"swap\": 33554432}, \"pids\": {\"limit\": 7},"
                                + " \"cpu\": {\"quota\": 10000, \"period\": 50000}}")
                .start(words);
    }

    private static Result top(String... arguments) {
        List<String> all = new ArrayList<>(List.of("top"));
        all.addAll(List.of(arguments));
        return Sandbox.current().runtime(all).run();
    }

    @Test
    void jsonHasWhatAContainerUsesAndMay() {
        Container busy = limited("sh", "-c", "while :; do :; done");
        Container idle = Bundle.busybox().start("sleep", "60");

        JsonNode all = Json.parse(top("--format", "json").output());

        assertEquals(2, all.size());
        assertEquals(busy.id(), all.at("/0/id").asText()); // the greatest user of CPU first
        assertEquals(idle.id(), all.at("/1/id").asText());
        double percent = all.at("/0/cpu/percent").asDouble();
        assertTrue(percent > 1 && percent < 40, () -> "of a fifth of one processor: " + percent);
        assertTrue(all.at("/0/cpu/throttled_percent").asDouble() > 0, all::toString);
        assertEquals(33554432, all.at("/0/memory/limit_bytes").asLong());
        assertTrue(all.at("/0/memory/bytes").asLong() > 0, all::toString);
        assertEquals(1, all.at("/0/pids/current").asLong());
        assertEquals(7, all.at("/0/pids/limit").asLong());
        assertEquals(0, all.at("/0/memory/oom_kills").asLong());
        assertTrue(all.at("/1/memory/limit_bytes").isMissingNode(), all::toString);
    }

    @Test
    void orderIsChosenAndContainersAreNamed() {
        Container busy = limited("sh", "-c", "while :; do :; done");
        Container many =
                Bundle.busybox().start("sh", "-c", "sleep 60 & sleep 60 & sleep 60 & wait");
        Bundle.busybox().create("true");

        List<String> lines = top("--no-stream", "--sort", "pids", busy.id(), many.id()).lines();

        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches("ID +STATUS +CPU% .*OOM-KILLS"), lines::toString);
        assertTrue(lines.get(1).matches(many.id() + " +running .* 4 .*"), lines::toString);
        assertTrue(lines.get(2).matches(busy.id() + " +running .* 7 .*"), lines::toString);
    }

    @Test
    void killsForWantOfMemoryAreCounted() {
        Container container = limited("sh", "-c", "tail /dev/zero; echo killed; sleep 60");
        container.awaitOutput("killed");

        JsonNode usage = Json.parse(top("--format", "json").output());

        assertEquals(1, usage.at("/0/memory/oom_kills").asLong(), usage::toString);
    }

    @Test
    void mistakesAreRefused() {
        top("--sort", "size").failsWith("size", "cpu, memory");
        top("--interval", "0s").failsWith("--interval");
        top("no-such-container").failsWith("does not exist");
        top("--format", "xml").failsWith("xml");
    }

    @Test
    void withoutATerminalItPrintsOnce() {
        Container container = Bundle.busybox().start("sleep", "60");

        String printed = top().output();

        assertEquals(2, printed.lines().count(), printed);
        assertTrue(printed.contains(container.id()), printed);
        assertFalse(printed.contains("\u001b"), printed);
    }

    @Test
    void keysAndSizesChangeTheScreen() {
        Container container = Bundle.busybox().start("sleep", "60");
        try (Pty pty = new Pty()) {
            Process top = start(pty);
            pty.awaitText("sorted by cpu");
            pty.awaitText("OOM-KILLS");
            pty.awaitText(container.id());

            pty.type("m");
            pty.awaitText("sorted by memory");
            pty.resize(8, 40);
            pty.awaitText("\u001b[8;1H"); // the last line of the first narrow one
            pty.awaitText("STATUS");
            String narrow = pty.screen();
            assertFalse(narrow.contains("OOM-KILLS"), narrow);
            pty.resize(40, 200);
            pty.awaitText("OOM-KILLS");

            pty.type("q");
            assertEquals(0, pty.await(top));
        }
    }

    @Test
    void terminalIsRestoredHoweverItEnds() {
        Bundle.busybox().start("sleep", "60");

        checkEnd(0, (pty, top) -> pty.type("q"));
        checkEnd(130, (pty, top) -> pty.type(CTRL_C));
        checkEnd(1, (pty, top) -> java(top).destroyForcibly());
        checkEnd(128 + 15, (pty, top) -> top.destroy());
        checkEnd(128 + 9, (pty, top) -> top.destroyForcibly());
    }

    /** Ends the program in some way. */
    private interface End {
        void of(Pty pty, ProcessHandle launcher);
    }

    private static void checkEnd(int status, End end) {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            Process top = start(pty);
            pty.awaitText("sorted by cpu");
            assertTrue(pty.isRaw());

            end.of(pty, launcher(top));

            pty.awaitText(LEFT);
            assertTrue(Host.becomes(5000, () -> pty.settings().equals(before)), "settings");
            assertEquals(status, pty.await(top));
        }
    }

    private static Process start(Pty pty) {
        pty.resize(40, 200);
        String root = Sandbox.current().root().toString();
        List<String> command =
                List.of(Program.path(), "--root", root, "top", "--interval", "300ms");
        return pty.start(Sandbox.current().directory(), command);
    }

    /** Setsid executes the program in its own place. */
    private static ProcessHandle launcher(Process top) {
        return top.toHandle();
    }

    private static ProcessHandle java(ProcessHandle launcher) {
        return launcher.children().findFirst().orElseThrow();
    }
}
