// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile links in a directory that plays the root file system. Needs no root. */
class RootedPathsTest {
    private final io.jrunc.linux.Files files = LocalKernel.get().files();
    @TempDir Path outside;
    private Path rootPath;
    private Fd root;
    private RootedPaths rooted;

    @BeforeEach
    void open() throws IOException {
        rootPath = Files.createDirectory(outside.resolve("rootfs"));
        root = files.open(rootPath.toString(), OpenFlag.PATH, OpenFlag.DIRECTORY);
        rooted = new RootedPaths(root);
    }

    @AfterEach
    void nothingIsCreatedOutside() throws IOException {
        root.close();
        try (var names = Files.list(outside)) {
            assertEquals(List.of(rootPath), names.toList());
        }
    }

    private Path at(String path) {
        return rootPath.resolve(path);
    }

    private void link(String name, String target) throws IOException {
        Files.createDirectories(at(name).getParent());
        Files.createSymbolicLink(at(name), Path.of(target));
    }

    private void assertIs(Path expected, Fd found) throws IOException {
        try (found) {
            assertTrue(found.isOpen());
            assertEquals(
                    Files.getAttribute(expected, "unix:ino", LinkOption.NOFOLLOW_LINKS),
                    files.stat(found).inode());
        }
    }

    @Test
    void whatIsNotThereIsNotOpen() throws IOException {
        Files.createFile(at("file"));

        assertFalse(rooted.find("/missing").isOpen());
        assertFalse(rooted.find("/missing/below").isOpen());
        assertFalse(rooted.find("/file/below").isOpen());
    }

    @Test
    void directoryIsCreatedWithItsParents() throws IOException {
        assertIs(rootPath, rooted.directory("/"));
        rooted.directory("/a/b/./c//d/").close();

        assertTrue(Files.isDirectory(at("a/b/c/d")));
        assertIs(at("a/b"), rooted.directory("/a/b"));
    }

    @Test
    void fileIsCreatedEmptyWithItsParents() throws IOException {
        rooted.file("/etc/ssl/cert").close();

        assertTrue(Files.isRegularFile(at("etc/ssl/cert")));
        assertEquals(0, Files.size(at("etc/ssl/cert")));
    }

    @Test
    void whatExistsKeepsItsContent() throws IOException {
        Files.writeString(at("hosts"), "kept");

        assertIs(at("hosts"), rooted.file("/hosts"));
        assertEquals("kept", Files.readString(at("hosts")));
    }

    @Test
    void absoluteLinkBeginsAtTheRootInside() throws IOException {
        link("var/run", "/run");
        rooted.directory("/var/run/lock").close();

        assertTrue(Files.isDirectory(at("run/lock"), LinkOption.NOFOLLOW_LINKS));
        assertIs(at("run/lock"), rooted.find("/var/run/lock"));
    }

    @Test
    void danglingLinkIsFollowedAndItsTargetCreated() throws IOException {
        link("etc/resolv.conf", "../run/systemd/resolve/stub");
        rooted.file("/etc/resolv.conf").close();

        assertTrue(Files.isRegularFile(at("run/systemd/resolve/stub")));
        assertTrue(Files.isSymbolicLink(at("etc/resolv.conf")));
    }

    @Test
    void parentsNeverLeadAboveTheRoot() throws IOException {
        link("up", "../../../../../../escaped");
        rooted.directory("../../x").close();
        rooted.directory("/up/y").close();
        rooted.file("/a/../../../../z").close();

        assertTrue(Files.isDirectory(at("x")));
        assertTrue(Files.isDirectory(at("escaped/y")));
        assertTrue(Files.isRegularFile(at("z")));
    }

    @Test
    void linkToAPathOfTheHostStaysInside() throws IOException {
        link("data", outside.toString());
        rooted.directory("/data/new").close();

        assertTrue(Files.isDirectory(at(outside.toString().substring(1)).resolve("new")));
    }

    @Test
    void chainOfDanglingLinksIsFollowed() throws IOException {
        link("one", "two");
        link("two", "/deep/three");
        link("deep/three", "../four");
        rooted.directory("/one/end").close();

        assertTrue(Files.isDirectory(at("four/end")));
    }

    @Test
    void loopsAreRefused() throws IOException {
        link("self", "self");
        link("a", "b");
        link("b", "a");
        for (String path : List.of("/self", "/a", "/a/x", "/b/x/y")) {
            Failure failure = assertThrows(Failure.class, () -> rooted.directory(path), path);

            assertTrue(failure.is(Errno.ELOOP), failure.getMessage());
        }
    }

    @Test
    void moreLinksThanTheKernelFollowsAreRefused() throws IOException {
        for (int i = 0; i < 50; i++) {
            link("link" + i, "link" + (i + 1));
        }

        Failure failure = assertThrows(Failure.class, () -> rooted.directory("/link0/x"));

        assertTrue(failure.is(Errno.ELOOP), failure.getMessage());
        rooted.directory("/link20/x").close();
        assertTrue(Files.isDirectory(at("link50/x")));
    }

    @Test
    void fileWhereADirectoryWouldHaveToBeIsAFailure() throws IOException {
        Files.createFile(at("file"));

        Failure failure = assertThrows(Failure.class, () -> rooted.directory("/file/below"));

        assertTrue(failure.is(Errno.ENOTDIR), failure.getMessage());
        assertIs(at("file"), rooted.directory("/file")); // the caller sees what it is
    }

    @Test
    void dotsAtTheEndAreTheDirectoryItself() throws IOException {
        rooted.directory("/a/b/.").close();
        rooted.directory("/c/..").close();

        assertTrue(Files.isDirectory(at("a/b")));
        assertIs(at("a"), rooted.directory("/a/b/.."));
    }

    @Test
    void parentIsCreatedAndTheLastNameIsNot() throws IOException {
        rooted.parent("/dev/net/tun").close();

        assertTrue(Files.isDirectory(at("dev/net")));
        assertFalse(Files.exists(at("dev/net/tun")));
        assertEquals("tun", RootedPaths.baseName("/dev/net/tun"));
        assertIs(rootPath, rooted.parent("/top"));
    }

    @Test
    void noDescriptorIsLeftOpen() throws IOException {
        link("l", "x/y/z");
        rooted.directory("/warm").close();
        int before = openDescriptors();
        rooted.directory("/a/b/c").close();
        rooted.file("/l/../d").close();
        rooted.find("/missing").close();

        assertEquals(before, openDescriptors());
    }

    private static int openDescriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }
}
