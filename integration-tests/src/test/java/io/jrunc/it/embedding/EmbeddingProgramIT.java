// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.guard.EmbeddingMain;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.GuardedJava;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The library in a JVM of its own, whose streams and life are at stake. */
@Requires({ROOT, JRUNC})
class EmbeddingProgramIT {
    private static final long PATIENCE_MILLIS = 20_000;

    private String id;
    private Path ready;

    @BeforeEach
    void chooseNames() {
        id = Sandbox.current().freshId();
        ready = Sandbox.current().freshFile("ready");
    }

    private Invocation program(Bundle bundle, String what) {
        List<String> arguments =
                List.of(
                        Sandbox.current().root().toString(),
                        bundle.write().directory().toString(),
                        id,
                        what,
                        ready.toString());
        return Sandbox.current()
                .command(new ArrayList<>(GuardedJava.command(EmbeddingMain.class, arguments)));
    }

    /**
     * The container's user reads, writes and truncates what it finds in its own and its init's
     * descriptors.
     */
    @Test
    @Escape("embedders-streams")
    void streamsOfTheProgramAreNotTheContainers() throws IOException {
        Path input = Files.writeString(Sandbox.current().freshFile("in"), "a secret line\n");
        Bundle bundle = Bundle.busybox().user(4242, 4242).writable();
        bundle.directory("/loot");
        Sandbox.current().command("chmod", "777", bundle.inside("/loot").toString()).run();
        bundle.args(
                "sh",
                "-c",
                "cat > /loot/stdin; for p in 1 self; do for n in 0 1 2; do"
                        + " head -c 999 /proc/$p/fd/$n >> /loot/read; : > /proc/$p/fd/$n;"
                        + " echo forged >> /proc/$p/fd/$n; echo forged >&$n; done; done"
                        + " 2>/dev/null; touch /loot/done");

        Result result = program(bundle, "wait").input(input).run();

        assertEquals("the password is 4711", result.output(), result::describe);
        assertEquals("", result.stderr());
        assertTrue(Files.exists(bundle.inside("/loot/done")), result::describe);
        assertEquals("", Files.readString(bundle.inside("/loot/stdin")));
        assertEquals("", Files.readString(bundle.inside("/loot/read")));
        for (Path file : List.of(input, result.stdoutFile(), result.stderrFile())) {
            assertEquals(0, Files.getAttribute(file, "unix:uid"), file::toString);
        }
    }

    @Test
    void containerDiesWithItsJvm() throws Exception {
        Invocation.Running program = started("die");

        program.process().destroyForcibly().waitFor();

        boolean gone = Host.becomes(PATIENCE_MILLIS, () -> Sandbox.current().remains().isEmpty());
        assertTrue(gone, () -> "left: " + Sandbox.current().remains());
        assertFalse(Sandbox.current().knows(id));
    }

    @Test
    void frozenContainerDiesWithItsJvm() throws Exception {
        Invocation.Running program = started("die");
        assertEquals("", Sandbox.current().runtime("pause", id).run().output());

        program.process().destroyForcibly().waitFor();

        boolean gone = Host.becomes(PATIENCE_MILLIS, () -> Sandbox.current().remains().isEmpty());
        assertTrue(gone, () -> "left: " + Sandbox.current().remains());
    }

    @Test
    void containerThatWasHandedOverSurvivesItsJvm() throws Exception {
        Invocation.Running program = started("leave");

        program.process().destroyForcibly().waitFor();

        assertTrue(Sandbox.current().runtime("state", id).run().output().contains("running"));
        assertEquals("", Sandbox.current().runtime("delete", "--force", id).run().output());
    }

    private Invocation.Running started(String what) {
        Invocation.Running program = program(Bundle.busybox().args("sleep", "60"), what).start();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Files.exists(ready)),
                () -> program.soFar().describe());
        assertTrue(Sandbox.current().runtime("state", id).run().output().contains("running"));
        return program;
    }
}
