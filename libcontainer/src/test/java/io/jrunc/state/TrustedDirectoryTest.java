// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories and links of other users are in ForeignStateIT: to make them takes root. */
class TrustedDirectoryTest {
    @TempDir Path directory;

    private static Optional<Fd> find(Path path) {
        return TrustedDirectory.open(LocalKernel.get().files(), path.toString());
    }

    private static Fd open(Path path) {
        return find(path).orElseThrow();
    }

    private static Fd make(Path path) {
        return TrustedDirectory.openOrMake(LocalKernel.get().files(), path.toString());
    }

    private Path made(String path, String permissions) throws IOException {
        Path made = Files.createDirectories(directory.resolve(path));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
        return made;
    }

    private static String problem(Path path) {
        Failure failure = assertThrows(Failure.class, () -> open(path));
        assertEquals(Failure.Code.UNTRUSTED_ROOT, failure.code());
        return failure.getMessage();
    }

    @Test
    void whatIsMissingIsMadeOnlyIfAskedFor() {
        Path deep = directory.resolve("a/b/c");

        assertEquals(Optional.empty(), find(deep));
        make(deep).close();
        open(deep).close();
    }

    @Test
    void directoryOnTheWayThatOthersCanWriteIsRefused() throws IOException {
        Path open = made("open", "rwxrwxrwx");
        Path below = made("open/below", "rwx------");

        assertTrue(problem(below).contains(open.toRealPath() + ": others can write to it"));
    }

    @Test
    void directoryOnTheWayMayBeSticky() throws IOException {
        Path sticky = made("sticky", "rwxrwxrwx");
        made("sticky/below", "rwx------");
        Files.setAttribute(sticky, "unix:mode", 01777);

        open(sticky.resolve("below")).close();
        assertTrue(problem(sticky).contains("others can write to it"));
    }

    @Test
    void ownLinksAreFollowed() throws IOException {
        Path target = made("target/deep", "rwx------");
        Files.createSymbolicLink(directory.resolve("absolute"), target.getParent());
        Files.createSymbolicLink(directory.resolve("relative"), Path.of("target/../target"));
        Object inode = Files.getAttribute(target, "unix:ino");

        for (String way : new String[] {"absolute/deep", "relative/deep", "target/./deep/"}) {
            try (Fd fd = open(Path.of(directory + "/" + way))) {
                assertEquals(inode, LocalKernel.get().files().stat(fd).inode(), way);
            }
        }
    }

    @Test
    void circleOfLinksIsAFailure() throws IOException {
        Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));

        Failure failure = assertThrows(Failure.class, () -> open(directory.resolve("a")));

        assertTrue(failure.is(Errno.ELOOP));
    }

    @Test
    void fileIsNoDirectory() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertTrue(assertThrows(Failure.class, () -> make(file)).is(Errno.ENOTDIR));
    }
}
