// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Sentence;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile root file systems. A container runs in them or is refused in one sentence; nothing waits
 * for ever, and nothing happens outside.
 */
@Requires({ROOT, JRUNC})
class HostileTreesIT {
    private static final long SPARSE = 20L << 30;
    private static final int MOUNTS = 10_000;
    private static final int NAME_MAX = 255;

    /** Types of files in the place of regular files that the runtime reads. */
    enum Trap {
        /** A pipe without a writer. */
        PIPE,
        /** Has no end. */
        ZERO,
        /** Far larger than memory. */
        SPARSE_FILE,
        DIRECTORY,
        LINK_TO_ITSELF;

        void set(Path path) throws IOException {
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(path);
            switch (this) {
                case PIPE -> make("mkfifo", "-m", "755", path.toString());
                case ZERO -> make("mknod", "-m", "755", path.toString(), "c", "1", "5");
                case SPARSE_FILE -> {
                    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                        file.setLength(SPARSE);
                    }
                    assertTrue(path.toFile().setExecutable(true));
                }
                case DIRECTORY -> Files.createDirectory(path);
                case LINK_TO_ITSELF -> Files.createSymbolicLink(path, path.getFileName());
                default -> throw new AssertionError(this);
            }
        }

        private static void make(String... command) {
            assertEquals("", Sandbox.current().command(command).run().output());
        }
    }

    @ParameterizedTest
    @MethodSource("trappedFiles")
    void filesThatTheRuntimeReadsMayBeTraps(String file, Trap trap) throws IOException {
        var bundle = Bundle.busybox().user(1000, 1000);
        trap.set(bundle.inside(file));

        assertEquals("ran", bundle.sh("echo ran").output());
    }

    static List<Object[]> trappedFiles() {
        return every("/etc/passwd", "/etc/group");
    }

    @ParameterizedTest
    @MethodSource("trappedPrograms")
    void programThatIsAPipeOrDeviceIsRefused(String program, Trap trap) throws IOException {
        var bundle = Bundle.busybox();
        trap.set(bundle.inside(program));

        Result run = bundle.run(program);

        assertTrue(run.status() == 1 || run.status() == 126 || run.status() == 127, run::describe);
        assertTrue(Sentence.isClean(run.stderr().strip()), run::describe);
    }

    static List<Object[]> trappedPrograms() {
        return every("/trap", "/bin/trap");
    }

    private static List<Object[]> every(String... files) {
        return List.of(files).stream()
                .flatMap(file -> List.of(Trap.values()).stream().map(t -> new Object[] {file, t}))
                .toList();
    }

    /** The loader's own files, which are read to find out which library is missing. */
    @ParameterizedTest
    @CsvSource({"PIPE", "ZERO", "SPARSE_FILE", "DIRECTORY", "LINK_TO_ITSELF"})
    void interpretersMayBeTraps(Trap trap) throws IOException {
        var bundle = Bundle.busybox().file("/script", "#!/trap\n", "rwxr-xr-x");
        trap.set(bundle.inside("/trap"));

        Result run = bundle.run("/script");

        assertTrue(run.status() != 0, run::describe);
        assertTrue(Sentence.isClean(run.stderr().strip()), run::describe);
    }

    /** Whatever is a link where the runtime works, and wherever it leads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev", "/dev/pts", "/dev/shm", "/dev/null", "/dev/console", "/dev/ptmx", "/dev/fd",
                "/proc", "/proc/sys", "/sys", "/sys/fs/cgroup", "/etc", "/etc/passwd", "/tmp"
            })
    void linksLeadNowhereOutside(String path) throws IOException {
        Path victim = Sandbox.current().freshDirectory("victim");
        Files.writeString(victim.resolve("secret"), "the host's\n");
        for (String target : List.of(victim.toString(), "/../../../.." + victim, "/proc/1/root")) {
            var bundle = Bundle.busybox().writable().link(path, target);
            bundle.mount("/tmp/inner", "tmpfs", "t").add("/linux/maskedPaths", "/tmp/masked");

            Result run = bundle.sh("cat " + path + "/secret; ls " + path + "; true");

            assertTrue(!run.stdout().contains("the host's"), run::describe);
            assertTrue(!run.stdout().contains("secret"), run::describe);
            if (run.status() != 0) {
                assertTrue(Sentence.isClean(run.stderr().strip()), run::describe);
            }
            assertEquals(List.of("secret"), List.of(victim.toFile().list()));
        }
        assertEquals(List.of(), Host.mounts(victim.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a b",
                "/a\nb",
                "/\u001b[2J",
                "/ü🐋",
                "/...",
                "/-rf",
                "/a,b=c:d",
                "/%n%s",
                "/\"'\\",
                "/ ",
                "/tail/"
            })
    void namesMayBeOdd(String name) throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("file"), "found\n");
        var bundle = Bundle.busybox().writable().file(name + "/x", "image's\n");
        bundle.mount(name, "tmpfs", "t").bind(file, name + "/" + name.substring(1) + "/file");
        bundle.add("/linux/maskedPaths", name + "/hidden");

        Result run = bundle.run("sh", "-c", "cat \"$1/$1/file\"", "sh", name);

        assertEquals("found", run.output());
    }

    @Test
    void namesMayBeAsLongAsTheKernelTakes() {
        String name = "/" + "n".repeat(NAME_MAX);

        var bundle = Bundle.busybox().writable().mount(name, "tmpfs", "t");
        assertEquals("ran", bundle.sh("cd " + name + " && echo ran").output());
        Bundle.busybox()
                .writable()
                .mount(name + "n", "tmpfs", "t")
                .run("true")
                .failsWith("ENAMETOOLONG");
        Bundle.busybox()
                .writable()
                .mount("/d".repeat(3000), "tmpfs", "t")
                .run("true")
                .failsWith("ENAMETOOLONG");
    }

    @Test
    void tenThousandMounts() {
        var bundle = Bundle.busybox().writable();
        for (int i = 0; i < MOUNTS; i++) {
            bundle.mount("/m/" + i % 100 + "/" + i, "tmpfs", "many");
        }

        Result run = bundle.sh("grep -c ^many /proc/mounts");

        assertEquals("" + MOUNTS, run.output());
    }
}
