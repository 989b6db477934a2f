package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
class InsideTest {
    private final io.jrunc.linux.Files files = LocalKernel.get().files();
    @TempDir Path outside;
    private Path rootPath;
    private Fd root;
    private Inside inside;

    @BeforeEach
    void open() throws IOException {
        rootPath = Files.createDirectory(outside.resolve("rootfs"));
        root = files.open(rootPath.toString(), OpenFlag.PATH, OpenFlag.DIRECTORY);
        inside = new Inside(root);
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

        assertFalse(inside.find("/missing").isOpen());
        assertFalse(inside.find("/missing/below").isOpen());
        assertFalse(inside.find("/file/below").isOpen());
    }

    @Test
    void directoryIsCreatedWithItsParents() throws IOException {
        assertIs(rootPath, inside.directory("/"));
        inside.directory("/a/b/./c//d/").close();

        assertTrue(Files.isDirectory(at("a/b/c/d")));
        assertIs(at("a/b"), inside.directory("/a/b"));
    }

    @Test
    void fileIsCreatedEmptyWithItsParents() throws IOException {
        inside.file("/etc/ssl/cert").close();

        assertTrue(Files.isRegularFile(at("etc/ssl/cert")));
        assertEquals(0, Files.size(at("etc/ssl/cert")));
    }

    @Test
    void whatExistsKeepsItsContent() throws IOException {
        Files.writeString(at("hosts"), "kept");

        assertIs(at("hosts"), inside.file("/hosts"));
        assertEquals("kept", Files.readString(at("hosts")));
    }

    @Test
    void absoluteLinkBeginsAtTheRootInside() throws IOException {
        link("var/run", "/run");
        inside.directory("/var/run/lock").close();

        assertTrue(Files.isDirectory(at("run/lock"), LinkOption.NOFOLLOW_LINKS));
        assertIs(at("run/lock"), inside.find("/var/run/lock"));
    }

    @Test
    void danglingLinkIsFollowedAndItsTargetCreated() throws IOException {
        link("etc/resolv.conf", "../run/systemd/resolve/stub");
        inside.file("/etc/resolv.conf").close();

        assertTrue(Files.isRegularFile(at("run/systemd/resolve/stub")));
        assertTrue(Files.isSymbolicLink(at("etc/resolv.conf")));
    }

    @Test
    void parentsNeverLeadAboveTheRoot() throws IOException {
        link("up", "../../../../../../escaped");
        inside.directory("../../x").close();
        inside.directory("/up/y").close();
        inside.file("/a/../../../../z").close();

        assertTrue(Files.isDirectory(at("x")));
        assertTrue(Files.isDirectory(at("escaped/y")));
        assertTrue(Files.isRegularFile(at("z")));
    }

    @Test
    void linkToAPathOfTheHostStaysInside() throws IOException {
        link("data", outside.toString());
        inside.directory("/data/new").close();

        assertTrue(Files.isDirectory(at(outside.toString().substring(1)).resolve("new")));
    }

    @Test
    void chainOfDanglingLinksIsFollowed() throws IOException {
        link("one", "two");
        link("two", "/deep/three");
        link("deep/three", "../four");
        inside.directory("/one/end").close();

        assertTrue(Files.isDirectory(at("four/end")));
    }

    @Test
    void loopsAreRefused() throws IOException {
        link("self", "self");
        link("a", "b");
        link("b", "a");
        for (String path : List.of("/self", "/a", "/a/x", "/b/x/y")) {
            Failure failure = assertThrows(Failure.class, () -> inside.directory(path), path);

            assertTrue(failure.is(Errno.ELOOP), failure.getMessage());
        }
    }

    @Test
    void moreLinksThanTheKernelFollowsAreRefused() throws IOException {
        for (int i = 0; i < 50; i++) {
            link("link" + i, "link" + (i + 1));
        }

        Failure failure = assertThrows(Failure.class, () -> inside.directory("/link0/x"));

        assertTrue(failure.is(Errno.ELOOP), failure.getMessage());
        inside.directory("/link20/x").close();
        assertTrue(Files.isDirectory(at("link50/x")));
    }

    @Test
    void fileWhereADirectoryWouldHaveToBeIsAFailure() throws IOException {
        Files.createFile(at("file"));

        Failure failure = assertThrows(Failure.class, () -> inside.directory("/file/below"));

        assertTrue(failure.is(Errno.ENOTDIR), failure.getMessage());
        assertIs(at("file"), inside.directory("/file")); // the caller sees what it is
    }

    @Test
    void dotsAtTheEndAreTheDirectoryItself() throws IOException {
        inside.directory("/a/b/.").close();
        inside.directory("/c/..").close();

        assertTrue(Files.isDirectory(at("a/b")));
        assertIs(at("a"), inside.directory("/a/b/.."));
    }

    @Test
    void parentIsCreatedAndTheLastNameIsNot() throws IOException {
        inside.parent("/dev/net/tun").close();

        assertTrue(Files.isDirectory(at("dev/net")));
        assertFalse(Files.exists(at("dev/net/tun")));
        assertEquals("tun", Inside.baseName("/dev/net/tun"));
        assertIs(rootPath, inside.parent("/top"));
    }

    @Test
    void lookDoesNotFollowLinks() throws IOException {
        link("link", "/etc");
        try (Fd here = inside.directory("/")) {
            assertTrue(inside.look(here, "link").isSymlink());
            assertNull(inside.look(here, "missing"));
        }
    }

    @Test
    void noDescriptorIsLeftOpen() throws IOException {
        link("l", "x/y/z");
        inside.directory("/warm").close();
        int before = openDescriptors();
        inside.directory("/a/b/c").close();
        inside.file("/l/../d").close();
        inside.find("/missing").close();

        assertEquals(before, openDescriptors());
    }

    private static int openDescriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }
}
