// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.OneShot;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@code jrunc-setup} makes of a distribution, here of a copy, and how a distribution says
 * that it must be set up again. The virtual machine's suite {@code resident} installs the service.
 */
@Requires({ROOT, JRUNC})
@OneShot("a resident runtime would answer with its own archive")
class SetupIT {
    private static final String REJECTED = "archive: no (made for another Java or jrunc.jar";
    private static final String SLOW = "does not use the class-data archive";
    private static final Path UNITS = Path.of("/etc/systemd/system/jrunc.socket");

    private Sandbox sandbox;
    private Path home;

    @BeforeEach
    void copy() {
        sandbox = Sandbox.current();
        home = sandbox.freshFile("home");
        Path original = Path.of(Program.path()).getParent().getParent();
        Result copy = sandbox.command("cp", "-a", original.toString(), home.toString()).run();
        assertEquals(0, copy.status(), copy::describe);
    }

    private Result setup(String... arguments) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/jrunc-setup").toString()));
        command.addAll(List.of(arguments));
        return sandbox.command(command.toArray(new String[0])).run();
    }

    private Result jrunc(String... arguments) {
        return sandbox.program(home.resolve("bin/jrunc").toString(), List.of(arguments)).run();
    }

    private void changeTheJar() throws IOException {
        Files.setLastModifiedTime(home.resolve("lib/jrunc.jar"), FileTime.fromMillis(0));
    }

    @Test
    void versionSaysWhetherTheArchiveIsUsed() throws IOException {
        Result used = sandbox.runtime("--version").run();
        changeTheJar();
        Result rejected = jrunc("--version");
        Files.delete(home.resolve("lib/jrunc.jsa"));
        Result missing = jrunc("--version");

        assertTrue(used.stdout().contains("\narchive: yes\n"), used::describe);
        assertTrue(rejected.stdout().contains("\n" + REJECTED), rejected::describe);
        assertTrue(missing.stdout().contains("\narchive: no\n"), missing::describe);
    }

    @Test
    void debugSaysOnceThatTheArchiveIsRejected() throws IOException {
        Result used = sandbox.runtime("--debug", "list").run();
        changeTheJar();
        Result rejected = jrunc("--debug", "list");
        Result plain = jrunc("list");

        assertFalse(used.stderr().contains(SLOW), used::describe);
        assertEquals(
                1,
                rejected.stderr().lines().filter(line -> line.contains(SLOW)).count(),
                rejected::describe);
        assertFalse(plain.stderr().contains(SLOW), plain::describe);
    }

    @Test
    void checkFailsWithJavasReasonIfItRejectsTheArchive() throws IOException {
        changeTheJar();

        Result check = setup("--check");

        assertEquals(1, check.status(), check::describe);
        assertTrue(check.stderr().contains("does not use the class-data archive"), check::describe);
        // JDK 17 says "shared class paths mismatch", JDK 25 that the jar is not the one it knew.
        assertTrue(
                check.stderr().matches("(?s).*bin/jrunc-setup: .*(mismatch|not the one used).*"),
                check::describe);
        assertEquals(1, check.stderr().lines().count(), check::describe);
    }

    @Test
    void setupKeepsTheDirectoryOfTheResidentRuntime() throws IOException {
        Path configuration = home.resolve("lib/jrunc.conf");
        List<String> words = new ArrayList<>(Files.readAllLines(configuration));
        words.add(0, "resident=/srv/resident");
        Files.write(configuration, words);

        Result setup = setup("--no-archive");

        assertEquals(0, setup.status(), setup::describe);
        assertEquals("resident=/srv/resident", Files.readAllLines(configuration).get(0));
        assertEquals(1, Files.readString(configuration).split("resident=", -1).length - 1);
        assertEquals(0, jrunc("--version").status());
        String serving = Files.readString(home.resolve("lib/jrunc-serve.conf"));
        assertFalse(serving.contains("SharedArchiveFile"), "Java would use no archive at all");
    }

    @Test
    void withoutSystemdThereIsNoService() {
        boolean installed = Files.exists(UNITS);
        String setup = home.resolve("bin/jrunc-setup").toString();
        String script = "mount -t tmpfs none /run && exec \"$@\"";
        Result service =
                sandbox.command(setup, "--service")
                        .under("unshare", "--mount", "sh", "-c", script, "sh")
                        .run();

        assertEquals(1, service.status(), service::describe);
        assertTrue(service.stderr().contains("systemd does not manage"), service::describe);
        assertEquals(1, service.stderr().lines().count(), service::describe);
        assertEquals(installed, Files.exists(UNITS));
    }

    @Test
    void unknownOptionIsRefused() {
        Result setup = setup("--servce");

        assertEquals(1, setup.status(), setup::describe);
        assertTrue(setup.stderr().contains("there is no option --servce"), setup::describe);
    }
}
