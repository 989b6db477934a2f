package io.jrunc.container;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private final Kernel kernel = LocalKernel.get();
    @TempDir Path directory;

    private String root() {
        return directory.resolve("run/jrunc").toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void idIsClaimedOnce() {
        try (StateDirectory first = StateDirectory.claim(kernel, root(), "web1")) {
            assertFalse(first.has(StateDirectory.STATE));

            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> StateDirectory.claim(kernel, root(), "web1").close());

            assertEquals(
                    "container with given ID already exists: web1"
                            + " (delete it or choose another id)",
                    failure.getMessage());
            assertEquals("exists", failure.code());
            assertTrue(failure.is(Errno.EEXIST));
        }
    }

    @Test
    void onlyItsOwnerMayLookInside() throws IOException {
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            state.write(StateDirectory.STATE, new byte[] {1});
            state.write(StateDirectory.CONFIG, new byte[] {2});
        }

        Path web1 = Path.of(root(), "web1");
        assertEquals("rwx------", permissions(Path.of(root())));
        assertEquals("rwx------", permissions(web1));
        assertEquals("rw-------", permissions(web1.resolve(StateDirectory.STATE)));
        assertEquals("rw-------", permissions(web1.resolve(StateDirectory.CONFIG)));
    }

    @Test
    void stateIsReplacedInWholeByARename() throws IOException {
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            Path file = Path.of(root(), "web1", StateDirectory.STATE);
            state.write(StateDirectory.STATE, bytes("a long first version"));
            Object before = Files.getAttribute(file, "unix:ino");
            state.write(StateDirectory.STATE, bytes("short"));

            assertArrayEquals(bytes("short"), state.read(StateDirectory.STATE));
            assertFalse(before.equals(Files.getAttribute(file, "unix:ino")));
            assertFalse(Files.exists(Path.of(root(), "web1", "state.json.new")));
        }
    }

    @Test
    void otherFilesAreTruncatedWhenWrittenAgain() {
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            state.write(StateDirectory.START, bytes("longer"));
            state.write(StateDirectory.START, bytes("x"));

            assertArrayEquals(bytes("x"), state.read(StateDirectory.START));
        }
    }

    @Test
    void whatIsNotThereIsNull() {
        assertNull(StateDirectory.open(kernel, root(), "web1"));
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            assertNull(state.read(StateDirectory.STATE));
            state.remove(StateDirectory.STATE); // no failure
        }
        assertNull(StateDirectory.open(kernel, root(), "web2"));
    }

    @Test
    void whoClaimsItIsSeenWorkingOnIt() {
        StateDirectory claimed = StateDirectory.claim(kernel, root(), "web1");
        try (StateDirectory other = StateDirectory.open(kernel, root(), "web1")) {
            assertNotNull(other);
            assertTrue(other.isBusy());
            claimed.close();

            assertFalse(other.isBusy());
        }
    }

    @Test
    void destroyedDirectoryLeavesNothingAndTheIdIsFreeAgain() throws IOException {
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            for (String file : StateDirectory.FILES) {
                state.write(file, new byte[1]);
            }
            state.submitRemoval(kernel);
            state.submitRemoval(kernel); // that it is gone is fine
        }
        try (var left = Files.list(Path.of(root()))) {
            assertEquals(0, left.count());
        }

        StateDirectory.claim(kernel, root(), "web1").close();
    }

    @Test
    void socketPathIsShortHoweverLongTheRootIs() throws IOException {
        Path deep = directory.resolve("x".repeat(100)).resolve("y".repeat(100));
        try (StateDirectory state = StateDirectory.claim(kernel, deep.toString(), "web1")) {
            state.write(StateDirectory.CONTROL, new byte[] {5});
            String path = state.socketPath(StateDirectory.CONTROL);

            assertTrue(path.length() < 100, path);
            assertArrayEquals(new byte[] {5}, Files.readAllBytes(Path.of(path)));
        }
    }

    @Test
    void ownerIsWhoMadeIt() throws IOException {
        try (StateDirectory state = StateDirectory.claim(kernel, root(), "web1")) {
            assertEquals(Files.getAttribute(directory, "unix:uid"), state.owner());
        }
    }
}
