// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.hook;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config.md#posix-platform-hooks, runtime.md#lifecycle. */
@Requires({ROOT, JRUNC})
class HooksIT {
    private Path log;

    @BeforeEach
    void nameTheLog() {
        log = Sandbox.current().freshFile("log");
    }

    /** A hook that appends its name and what it read from standard input to the log. */
    private String hook(String name) {
        return command(
                "echo \"" + name + " $(cat) $(pwd) $(readlink /proc/self/ns/mnt)\" >> " + log);
    }

    private static String command(String text) {
        return Json.of(List.of(new Hook("/bin/sh", List.of("sh", "-c", text)))).toString();
    }

    /** As in config.json. */
    private record Hook(String path, List<String> args) {}

    private List<String> lines() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private static JsonNode state(String line) {
        return Json.parse(line.substring(line.indexOf('{'), line.lastIndexOf('}') + 1));
    }

    private Bundle withAll() {
        Bundle bundle = Bundle.busybox().writable();
        for (String kind :
                List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            bundle.json("/hooks/" + kind, hook(kind));
        }
        return bundle.json("/hooks/startContainer", command("cat > /started"));
    }

    @Shows({
        "hooks.prestart",
        "hooks.createRuntime",
        "hooks.createContainer",
        "hooks.poststart",
        "hooks.poststop"
    })
    @Test
    void hooksRunAtTheirMoments() throws IOException {
        Container container = withAll().create("sleep", "60");
        assertEquals(
                List.of("prestart", "createRuntime", "createContainer"),
                lines().stream().map(line -> line.substring(0, line.indexOf(' '))).toList());

        container.start().output();
        assertTrue(lines().get(3).startsWith("poststart "));

        container.delete("--force").output();
        assertTrue(lines().get(4).startsWith("poststop "));
    }

    @Test
    void hooksReceiveTheState() throws IOException {
        Container container = withAll().create("sleep", "60");
        long pid = container.pid();
        container.start().output();
        container.delete("--force").output();

        assertEquals("creating", state(lines().get(0)).at("/status").asText());
        assertEquals(pid, state(lines().get(0)).at("/pid").asLong());
        assertEquals(pid, state(lines().get(1)).at("/pid").asLong());
        assertEquals(1, state(lines().get(2)).at("/pid").asLong());
        assertEquals("running", state(lines().get(3)).at("/status").asText());
        assertEquals("stopped", state(lines().get(4)).at("/status").asText());
        assertTrue(state(lines().get(4)).at("/pid").isMissingNode());
        assertEquals(container.id(), state(lines().get(4)).at("/id").asText());
    }

    @Shows({"hooks.createContainer", "hooks.createRuntime"})
    @Test
    void createContainerHooksRunInTheContainersNamespaces() throws IOException {
        Bundle bundle = withAll();
        bundle.create("sleep", "60");
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();

        assertTrue(lines().get(1).endsWith(host), lines().get(1));
        assertNotEquals(host, lines().get(2).substring(lines().get(2).lastIndexOf(' ') + 1));
        assertTrue(lines().get(1).contains("} " + bundle.directory() + " "), lines().get(1));
        assertTrue(lines().get(2).contains("} " + bundle.rootfs() + " "), lines().get(2));
    }

    @Shows("hooks.startContainer")
    @Test
    void startContainerHooksRunInsideBeforeTheProgram() {
        Result run = withAll().run("cat", "/started");

        assertEquals("created", Json.parse(run.output()).at("/status").asText());
    }

    @Shows("hooks.poststop")
    @Test
    void poststopHooksRunAfterAForegroundRun() throws IOException {
        withAll().run("true").output();

        assertTrue(lines().get(4).startsWith("poststop "), lines().toString());
    }

    @Test
    void failingHookEndsTheCreationAndShowsWhatItSaid() {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/createRuntime", command("echo words; echo more >&2; exit 3"));

        bundle.run("true")
                .failsWith(
                        "error running createRuntime hook #0",
                        "exit status 3, stdout: words, stderr: more");
    }

    @Shows("hooks.*.timeout")
    @Test
    void hookThatIsTooSlowIsKilled() {
        Bundle bundle = Bundle.busybox();
        bundle.json(
                "/hooks/prestart",
                "[{\"path\": \"/bin/sleep\", \"args\": [\"sleep\", \"60\"], \"timeout\": 1}]");

        bundle.run("true").failsWith("hook ran past specified timeout of 1.0s");
    }

    @Shows({"hooks.*.args", "hooks.*.env"})
    @Test
    void hookHasItsArgumentsAndItsEnvironmentAlone() throws IOException {
        Bundle bundle = Bundle.busybox();
        bundle.json(
                "/hooks/prestart",
                "[{\"path\": \"/bin/sh\", \"args\": [\"odd name\", \"-c\","
                        + " \"echo \\\"$0 $1 $A $HOME.\\\" > "
                        + log
                        + "\", \"zero\", \"one\"], \"env\": [\"A=b\"]}]");

        bundle.run("true").output();

        assertEquals(List.of("zero one b ."), lines());
    }

    @Shows("hooks.*.path")
    @Test
    void hookThatIsNotThereIsNamed() {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/createRuntime", "[{\"path\": \"/no/such/hook\"}]");

        bundle.run("true").failsWith("createRuntime hook #0: /no/such/hook: execve");
    }

    @Test
    void failingPoststopHookIsAWarning() throws IOException {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/poststop", command("exit 1"));
        Container container = bundle.create("sleep", "60");

        Result delete = container.delete("--force");

        assertEquals(0, delete.status(), delete::describe);
        assertTrue(delete.stderr().contains("level=warning"), delete::describe);
    }

    /** Source: runtime-spec runtime.md#lifecycle: after 7 and 9 come 12 and 13. */
    @ParameterizedTest
    @ValueSource(strings = {"startContainer", "poststart"})
    void hookThatFailsAtStartRemovesTheContainer(String kind) throws IOException {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/" + kind, command("exit 1"));
        bundle.json("/hooks/poststop", command("echo stopped >> " + log));
        Container container = bundle.create("sleep", "60");

        container.start().failsWith("error running (" + kind + " )?hook #0");

        assertFalse(Sandbox.current().knows(container.id()));
        assertEquals(List.of("stopped"), lines());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prestart",
                "createRuntime",
                "createContainer",
                "startContainer",
                "poststart"
            })
    void hookThatFailsInARunIsFollowedByPoststop(String kind) throws IOException {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/" + kind, command("exit 1"));
        bundle.json("/hooks/poststop", command("echo stopped >> " + log));

        bundle.run("sleep", "60").failsWith("error running (" + kind + " )?hook #0");

        assertEquals(List.of("stopped"), lines());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Shows("hooks.*.env")
    @Test
    void hooksWithoutAnEnvironmentHaveTheCallers() throws IOException {
        Bundle bundle = Bundle.busybox();
        bundle.json("/hooks/prestart", command("echo \"$PATH\" > " + log));

        bundle.run("true").output();

        assertTrue(lines().get(0).contains("/bin"), lines().toString());
    }
}
