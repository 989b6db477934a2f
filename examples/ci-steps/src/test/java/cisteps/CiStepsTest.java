// SPDX-License-Identifier: Apache-2.0
package cisteps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.sandbox.Sandboxes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiStepsTest {
    @TempDir private Path workspace;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Sandboxes boxes;

    @BeforeEach
    void open() {
        boxes = Sandboxes.open(Path.of("/run/ci-steps-test"));
    }

    @AfterEach
    void close() {
        boxes.close();
    }

    private boolean run(String... steps) throws Exception {
        return new CiSteps(boxes, workspace, Duration.ofSeconds(5), log).run(List.of(steps));
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void stepsShareTheWorkspace() throws Exception {
        Files.writeString(workspace.resolve("input"), "3 4\n");

        assertTrue(run("read a b < input; echo $((a * b)) > output", "cat output"), this::log);

        assertEquals("12\n", Files.readString(workspace.resolve("output")));
        assertTrue(log().endsWith("+ cat output\n12\n"), log());
    }

    @Test
    void stepThatFailsIsTheLast() throws Exception {
        assertFalse(run("echo before", "false", "echo after"));

        assertEquals("+ echo before\nbefore\n+ false\nfailed: exit code 1\n", log());
    }

    @Test
    void stepThatHangsIsKilled() throws Exception {
        assertFalse(run("sleep 60"));

        assertTrue(log().endsWith("failed: TIMEOUT\n"), log());
    }
}
