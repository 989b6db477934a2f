// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The experiments are as they say, on this kernel, and leave nothing. */
@Requires({ROOT, JRUNC})
class LabIT {
    private static final long PATIENCE_MILLIS = 20_000;

    private Path temporary;

    @BeforeEach
    void standHere() {
        temporary = Sandbox.current().freshDirectory("temporary");
    }

    private Invocation lab(String... words) {
        List<String> command = Stream.concat(Stream.of("lab"), Stream.of(words)).toList();
        return Sandbox.current().runtime(command).variable("TMPDIR", temporary.toString());
    }

    private List<String> left() {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(Path::toString).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pid",
                "hostname",
                "network",
                "mounts",
                "userns",
                "memory",
                "cgroup-cpu",
                "cgroup-pids",
                "capability",
                "devices",
                "seccomp",
                "apparmor",
                "selinux",
                "escape-2019-5736",
                "escape-2024-21626",
                "hardening"
            })
    void isAsExpected(String name) {
        Result experiment = lab(name).run();

        assumeFalse(
                experiment.stderr().contains("needs a kernel that has"),
                "this kernel does not have the security module in use");
        assertEquals(0, experiment.status(), experiment::describe);
        assertTrue(experiment.stdout().contains("✓"), experiment::describe);
        assertFalse(experiment.stdout().contains("✗"), experiment::describe);
        assertEquals(List.of(), left());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void listNamesWhatIsTested() throws NoSuchMethodException {
        ValueSource tested =
                LabIT.class
                        .getDeclaredMethod("isAsExpected", String.class)
                        .getAnnotation(ValueSource.class);

        List<String> listed =
                lab("list")
                        .run()
                        .output()
                        .lines()
                        .filter(line -> !line.startsWith(" "))
                        .map(line -> line.split(" ", -1)[0])
                        .toList();

        assertEquals(List.of(tested.strings()), listed);
    }

    /** Nothing can be executed from this bundle. */
    @Test
    void whatIsNotAsExpectedIsSaid() {
        String script = "mount -t tmpfs -o noexec none \"$TMPDIR\" && exec \"$@\"";

        Result experiment = lab("hostname").under("unshare", "-m", "sh", "-c", script, "sh").run();

        assertEquals(1, experiment.status(), experiment::describe);
        assertTrue(experiment.stdout().contains("Not as expected: "), experiment::describe);
    }

    @Test
    void interruptedExperimentLeavesNothing() throws IOException {
        Invocation.Running experiment =
                lab("cgroup-cpu").under("setsid", "env", "--default-signal=INT").start();
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS, () -> experiment.soFar().stdout().contains("sleep 2")));

        Sandbox.current().command("kill", "-INT", "--", "-" + experiment.pid()).run();
        experiment.await();

        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> left().isEmpty()), () -> "" + left());
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Sandbox.current().remains().isEmpty()));
    }

    /** A container with the name of the experiment's is not touched. */
    @Test
    void containerOfTheSameNameStays() {
        Bundle bundle = Bundle.busybox().args("sleep", "60");
        bundle.invoke("run", "--detach", "lab-pid").run().output();
        try {
            lab("pid").run().failsWith("there is a container lab-pid; remove it");

            Result state = Sandbox.current().runtime("state", "lab-pid").run();
            assertTrue(state.output().contains("running"), state::describe);
        } finally {
            Sandbox.current().runtime("delete", "--force", "lab-pid").run().output();
        }
    }

    @Test
    void unknownExperimentIsRefused() {
        lab("nothing").run().failsWith("nothing.* is no experiment; jrunc lab list");
    }

    @Test
    @Requires(SETPRIV)
    void userNeedsRoot() {
        lab("pid").under(OrdinaryUser.become()).run().failsWith("needs root; call it by sudo");
    }
}
