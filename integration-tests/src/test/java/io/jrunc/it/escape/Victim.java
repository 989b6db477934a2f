// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of the host's that nothing in a container may reach. It is a shared mount, like the
 * container's mounts of the host: a mount of any process there appears here.
 */
final class Victim implements AutoCloseable {
    static final String SECRET = "the host's\n";

    private final Path directory = Sandbox.current().freshDirectory("victim");

    Victim() {
        command("mount", "-t", "tmpfs", "t", directory.toString());
        command("mount", "--make-shared", directory.toString());
        try {
            Files.writeString(directory.resolve("secret"), SECRET);
            Files.createDirectory(directory.resolve("point"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Its name; a link that climbs too far finds a file of this name in a container's root. */
    String name() {
        return directory.getFileName().toString();
    }

    /** Nothing was written, made, removed or mounted in it. */
    void assertUntouched() {
        assertEquals(List.of("point", "secret"), names(directory));
        assertEquals(List.of(), names(directory.resolve("point")));
        assertEquals(List.of(directory.toString()), Host.mounts(name()));
        try {
            assertEquals(SECRET, Files.readString(directory.resolve("secret")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void command(String... words) {
        Sandbox.current().command(words).run().output();
    }

    @Override
    public void close() {
        command("umount", "-l", directory.toString());
    }
}
