// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Pty;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opening some devices has an effect, and the process that sets a container up is not in its device
 * cgroup yet. The device here is a terminal: its other end detects whether it was opened.
 */
@Requires({ROOT, JRUNC})
@Escape("opened-device")
class OpenedDeviceIT {
    private Pty device;

    @BeforeEach
    void makeDevice() throws IOException {
        device = new Pty();
        Files.setPosixFilePermissions(device.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void closeDevice() {
        device.close();
    }

    private Bundle withDeviceAt(String path) {
        return Bundle.busybox().bind(device.path(), path, "dev", "exec");
    }

    @Test
    void terminalDetectsThatItWasOpened() throws IOException {
        assertFalse(device.wasOpened());
        Files.newInputStream(device.path()).close();

        assertTrue(device.wasOpened());
    }

    @Test
    void passwdIsNotOpened() {
        assertEquals("/", withDeviceAt("/etc/passwd").sh("echo $HOME").output());

        assertFalse(device.wasOpened());
    }

    @Test
    void programIsNotOpened() {
        withDeviceAt("/program").run("/program").failsWith("/program", "permission denied");

        assertFalse(device.wasOpened());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/program", "/script"})
    void execOpensNeitherProgramNorPasswd(String program) {
        var bundle = withDeviceAt("/program").bind(device.path(), "/etc/passwd", "dev");
        bundle.file("/script", "#!/program\n", "rwxr-xr-x");
        Container container = bundle.start("sleep", "60");

        Result exec = container.exec(program);

        assertEquals(255, exec.status(), exec::describe);
        assertFalse(device.wasOpened());
    }

    /** In place of the multiplexer in which the container's terminal is made. */
    @Test
    void multiplexerOfNoDevptsIsNotOpened() {
        var bundle = withDeviceAt("/dev/pts/ptmx").withoutMount("/dev/pts");
        bundle.set("/process/terminal", true).args("true");
        try (var terminal = new Pty()) {
            Sandbox sandbox = Sandbox.current();
            String root = sandbox.root().toString();
            List<String> run = List.of(Program.path(), "--root", root, "run", sandbox.freshId());
            Process process = terminal.start(bundle.write().directory(), run);

            assertEquals(1, terminal.await(process), terminal::screen);
        }
        assertFalse(device.wasOpened());
    }
}
