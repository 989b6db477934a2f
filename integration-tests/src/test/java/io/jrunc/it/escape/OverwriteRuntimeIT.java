// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container has the runtime execute itself, {@code /proc/self/exe}, to write into the file that
 * it then is. All of the distribution and of its JVM must be as before.
 */
@Requires({ROOT, JRUNC})
@Escape("CVE-2019-5736")
class OverwriteRuntimeIT {
    private static final String[] CAPABILITIES = {
        "CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"
    };

    /** Tries to write into the program of every process but those of the container's image. */
    private static final String OVERWRITE =
            """
            echo ready
            while :; do
              for p in /proc/[0-9]*; do
                case $(readlink $p/exe) in
                /bin/busybox | '') ;;
                *) echo overwritten | tee $p/exe >/dev/null 2>&1 && echo GOT $(readlink $p/exe) ;;
                esac
              done
            done
            """;

    private Map<Path, Long> before;

    @BeforeEach
    void takeChecksums() throws IOException {
        before = checksums();
    }

    @AfterEach
    void compareChecksums() throws IOException {
        assertEquals(before, checksums());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/exe", "/script", "/link", "/proc/1/exe"})
    void programThatIsTheRuntimeItselfDoesNotRun(String program) {
        Result run = hostile().run(program);

        assertNotEquals(0, run.status(), run::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/exe", "/script", "/link"})
    void execOfTheRuntimeItselfGivesNoWayToWriteIt(String program) {
        Container container = hostile().writable().start("sh", "-c", OVERWRITE);
        container.awaitOutput("ready");

        for (int round = 0; round < 10; round++) {
            Result exec = container.exec(program, "x");
            assertTrue(program.equals("/proc/self/exe") || exec.status() != 0, exec::describe);
        }

        assertEquals("ready\n", container.output());
    }

    /** The child waits in every created container; exec starts an attacker beside it. */
    @Test
    void programOfACreatedContainerIsNotWrittenFromInside() {
        Container container = hostile().create("true");

        Result write =
                container.exec(
                        "sh",
                        "-c",
                        "exec 9</proc/1/exe; for i in $(seq 200); do"
                                + " echo x | tee /proc/1/exe /proc/self/fd/9 && echo GOT; done;"
                                + " dd if=/bin/busybox of=/proc/1/exe && echo GOT; true");

        assertTrue(!write.stdout().contains("GOT"), write::describe);
        container.start().output();
    }

    /**
     * Not even the host's root can write it: it is a sealed copy in memory, only for this
     * container.
     */
    @Test
    void programOfACreatedContainerIsSealed() throws IOException {
        Container container = hostile().create("true");
        Path exe = Path.of("/proc/" + container.pid() + "/exe");

        try (InputStream held = Files.newInputStream(exe)) {
            assertTrue(held.read() >= 0);
            String reason = refusal(exe);
            assertTrue(
                    reason.contains("Text file busy") || reason.contains("not permitted"), reason);
        }
    }

    /** The library that a program loads is the image's, and is loaded into that program alone. */
    @Test
    void libraryPathOfTheImageIsNotTheRuntimes() {
        var bundle =
                hostile().env("LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=/", "JAVA_TOOL_OPTIONS=-X");
        bundle.file("/evil.so", "no library\n").file("/etc/ld.so.preload", "/evil.so\n");

        assertEquals("ran", bundle.run("echo", "ran").output());
    }

    private static Bundle hostile() {
        var bundle = Bundle.busybox().capabilities(CAPABILITIES);
        bundle.file("/script", "#!/proc/self/exe\n", "rwxr-xr-x").link("/link", "/proc/self/exe");
        return bundle;
    }

    private static String refusal(Path file) {
        try (var out = new FileOutputStream(file.toFile(), true)) {
            out.write('x');
            return "written";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Of every file of the distribution, and of the JVM that it runs on. */
    private static Map<Path, Long> checksums() throws IOException {
        Path home = Path.of(Program.path()).getParent().getParent();
        String java = Files.readAllLines(home.resolve("lib/jrunc.conf")).get(0);
        Map<Path, Long> sums = new TreeMap<>();
        for (Path directory :
                new Path[] {home, Path.of(java).toRealPath().getParent().getParent()}) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    sums.put(file, checksum(file));
                }
            }
        }
        return sums;
    }

    private static long checksum(Path file) throws IOException {
        try (var in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }
}
