// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The option {@code --format} of commands that print containers. */
@Requires({ROOT, JRUNC})
class FormatsIT {
    private static Result jrunc(String... arguments) {
        return Sandbox.current().runtime(arguments).run();
    }

    @Test
    void listAndStateTakeTemplates() {
        var container =
                Bundle.busybox().json("/annotations", "{\"team\": \"blue\"}").start("sleep", "60");
        String line = container.id() + "\trunning blue";
        String format = "{{.ID}}\\t{{.Status}} {{index .Annotations \"team\"}}";

        assertEquals(line, jrunc("list", "--format", format).output());
        assertEquals(line, jrunc("state", "--format", format, container.id()).output());
        assertEquals(
                "" + container.pid(), jrunc("state", "-f", "{{.PID}}", container.id()).output());
        List<String> table = jrunc("list", "-f", "table {{.ID}}\\t{{.Owner}}").lines();
        assertTrue(table.get(0).matches("ID +OWNER"), table::toString);
        assertTrue(table.get(1).matches(container.id() + " +root"), table::toString);
    }

    @Test
    void stateIsALineOfListsTable() {
        var container = Bundle.busybox().start("sleep", "60");

        assertEquals(
                jrunc("list").output(), jrunc("state", "--format=table", container.id()).output());
        assertEquals(
                jrunc("state", container.id()).stdout(),
                jrunc("state", "--format", "json", container.id()).stdout());
    }

    @Test
    void psKnowsThePidsOfTheContainer() {
        var container = Bundle.busybox().start("sleep", "60");

        assertEquals(
                container.pid() + " 1 root sleep 60",
                jrunc(
                                "ps",
                                "--format",
                                "{{.PID}} {{.ContainerPID}} {{.User}} {{.Args}}",
                                container.id())
                        .output());
    }

    @Test
    void eventsAreATableToo() {
        var container = Bundle.busybox().start("sleep", "60");

        List<String> lines =
                jrunc("events", "--stats", "--format", "table", container.id()).lines();

        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches("TYPE +CPU% .* OOM-KILLS"), lines::toString);
        assertTrue(lines.get(1).matches("stats +- .*[KM]iB.* 0"), lines::toString);
        assertEquals(lines.get(0).length(), lines.get(1).length(), lines::toString);
    }

    @Test
    void whatIsNoFormatIsRefused() {
        var container = Bundle.busybox().start("sleep", "60");

        jrunc("list", "--format", "{{range .}}").failsWith("range", "\\{\\{\\.ID\\}\\}");
        jrunc("ps", "--format", "{{.Foo}}", container.id()).failsWith("\\.Foo", "\\.ContainerPID");
        jrunc("state", "--format", "yaml", container.id()).failsWith("yaml");
        jrunc("events", "--stats", "--format", "{{.ID}}", container.id())
                .failsWith("table or json");
    }
}
