// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Operation;
import io.jrunc.linux.ResolveFlag;
import io.jrunc.linux.Stat;
import io.jrunc.linux.Syscall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real calls, none of which needs privileges. */
class LocalKernelTest {
    private static final int ARENA_BYTES = 1 << 16;

    private final LocalKernel kernel = LocalKernel.get();
    private final io.jrunc.linux.Files files = kernel.files();
    @TempDir Path directory;

    private Fd open(Path path, OpenFlag... flags) {
        return files.open(path.toString(), flags);
    }

    @Test
    void callIsMadeInThisProcess() {
        Call pid = new Call(kernel, Syscall.GETPID, "").submit();

        assertEquals(ProcessHandle.current().pid(), pid.result());
        assertEquals(Optional.empty(), pid.error());
    }

    @Test
    void failureIsThrownAtOnceAndNamesCallSubjectAndErrno() {
        Failure failure =
                assertThrows(Failure.class, () -> files.open("/no/such", OpenFlag.RDONLY));

        assertEquals("openat /no/such: ENOENT", failure.getMessage());
        assertEquals(Optional.of(Errno.ENOENT), failure.errno());
        assertEquals("/no/such", failure.path());
    }

    @Test
    void kernelErrorsAreMappedByNumber() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Files.createDirectory(directory.resolve("full"));
        Files.createFile(directory.resolve("full/x"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        try (Fd here = open(directory, OpenFlag.DIRECTORY)) {
            assertEquals(Errno.EEXIST, error(kernel.directories().mkdir(here, "file", 0755)));
            assertEquals(Errno.ENOTDIR, error(kernel.directories().rmdir(here, "file")));
            assertEquals(Errno.ENOTEMPTY, error(kernel.directories().rmdir(here, "full")));
            assertEquals(Errno.EISDIR, error(kernel.directories().unlink(here, "full")));
            assertEquals(
                    Errno.ENAMETOOLONG,
                    error(kernel.directories().mkdir(here, "x".repeat(256), 0755)));
            assertEquals(Errno.ELOOP, error(files.chdir(directory + "/loop")));
            assertEquals(Errno.ENOTDIR, error(files.chdir(file.toString())));
            Call badAddress = new Call(kernel, Syscall.CHDIR, "", Arg.of(1)); // no string is there
            assertEquals(Errno.EFAULT, error(badAddress));
            Operation none = new NoSuchCall();
            assertEquals(Errno.ENOSYS, error(new Call(kernel, none, "")));
        }
    }

    private record NoSuchCall() implements Operation {
        @Override
        public int number() {
            return 9999;
        }

        @Override
        public String manualName() {
            return "nothing";
        }
    }

    private static Errno error(Call call) {
        return call.tolerateAll().submit().error().orElseThrow();
    }

    @Test
    void toleratedErrorIsAnAnswerAndOthersAreNot() {
        Call mkdir =
                kernel.directories()
                        .mkdir(files.here(), "/proc", 0755)
                        .tolerate(Errno.EEXIST)
                        .submit();
        Call other =
                kernel.directories().mkdir(files.here(), "/no/such", 0755).tolerate(Errno.EEXIST);

        assertEquals(Optional.of(Errno.EEXIST), mkdir.error());
        assertTrue(assertThrows(Failure.class, other::submit).is(Errno.ENOENT));
    }

    @Test
    void callsThatDependOnAToleratedFailureAreSkipped() {
        Fd none = files.openIfExists(files.here(), "/no/such", OpenFlag.PATH);
        Call made = kernel.directories().mkdir(none, "x", 0755).submit();

        assertFalse(none.isOpen());
        assertEquals(Optional.of(Errno.ECANCELED), made.error());
        none.close();
    }

    @Test
    void hintIsAddedForItsErrnoOnly() {
        Call hinted = files.chdir("/no/such").hint(Errno.ENOENT, "make it");
        Call other = files.chdir("/proc/self/status").hint(Errno.ENOENT, "make it");

        assertEquals(
                "chdir /no/such: ENOENT (make it)",
                assertThrows(Failure.class, hinted::submit).getMessage());
        assertEquals(
                "chdir /proc/self/status: ENOTDIR",
                assertThrows(Failure.class, other::submit).getMessage());
    }

    @Test
    void outputsAreWhatTheCallWrote() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "0123456789");
        try (Fd fd = open(file, OpenFlag.RDONLY)) {
            assertEquals("34", text(files.readAt(fd, 2, 3)));
            assertEquals("89", text(files.readAt(fd, 100, 8)));
            assertEquals("", text(files.readAt(fd, 100, 10)));
            assertEquals("0123456789", text(files.readAll(fd)));
            Stat stat = files.stat(fd);
            assertTrue(stat.isRegularFile());
            assertEquals(10, stat.size());
            assertEquals(Files.getAttribute(file, "unix:ino"), stat.inode());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void outputsKeepWhatTheCallDidNotWrite() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "ab");
        byte[] expected = new byte[16];
        expected[0] = 'a';
        expected[1] = 'b';
        try (Fd fd = open(file, OpenFlag.RDONLY)) {
            Arg.Out out = Arg.out(16);
            new Call(kernel, Syscall.READ, "", fd, out, Arg.of(16)).submit();

            assertArrayEquals(expected, out.bytes());
        }
    }

    @Test
    void argumentsLargerThanTheArenaMakeItGrow() {
        byte[] large = new byte[5 * ARENA_BYTES + 3];
        Arrays.fill(large, (byte) 'x');
        large[large.length - 1] = 'y';
        try (Fd memory = kernel.descriptors().memoryFile("large")) {
            files.writeAll(memory, large);

            assertArrayEquals(large, files.readAt(memory, large.length + 10, 0));
            assertEquals("y", text(files.readAt(memory, 1, large.length - 1)));
        }
    }

    @Test
    void sixthArgumentArrives() {
        // mmap(2) of a page of a file: only the sixth argument, the offset, tells which.
        int page = 1 << 16; // a multiple of every page size
        try (Fd memory = kernel.descriptors().memoryFile("pages")) {
            byte[] pages = new byte[3 * page];
            pages[2 * page] = 42;
            files.writeAll(memory, pages);
            long address = map(memory, page, 2L * page).submit().result();
            Call odd = map(memory, page, 1).tolerate(Errno.EINVAL).submit();

            try (Fd copy = kernel.descriptors().memoryFile("copy")) {
                new Call(kernel, Syscall.WRITE, "", copy, Arg.of(address), Arg.of(1)).submit();
                assertArrayEquals(new byte[] {42}, files.readAt(copy, 10, 0));
            }
            assertEquals(Optional.of(Errno.EINVAL), odd.error(), "an offset within a page");
        }
    }

    private Call map(Fd file, int length, long offset) {
        Operation mmap = new Mmap();
        Arg[] args = {
            Arg.NULL, Arg.of(length), Arg.of(1), Arg.of(2), file, Arg.of(offset),
        };
        return new Call(kernel, mmap, "", args);
    }

    /** mmap(2), which the program itself does not need. */
    private record Mmap() implements Operation {
        @Override
        public int number() {
            return System.getProperty("os.arch").equals("aarch64") ? 222 : 9;
        }

        @Override
        public String manualName() {
            return "mmap";
        }
    }

    @Test
    void descriptorIsClosedOnceAndThenUseless() {
        Fd fd = files.open("/", OpenFlag.PATH);
        int number = fd.number();
        fd.close();
        try (Fd next = files.open("/", OpenFlag.PATH)) {
            assertEquals(number, next.number(), "the lowest number is used again");
            fd.close();

            assertEquals(number, next.number());
            assertTrue(files.stat(next).isDirectory(), "the second close did not close another's");
        }
        assertFalse(fd.isOpen());
        assertThrows(IllegalStateException.class, fd::number);
        assertThrows(IllegalStateException.class, () -> files.stat(fd));
    }

    @Test
    void currentDirectoryIsNeverClosed() {
        Fd here = files.here();
        here.close();

        assertTrue(here.isOpen());
        assertEquals("AT_FDCWD", here.toString());
    }

    @Test
    void descriptorShowsItsNumberAndName() {
        try (Fd root = files.open("/", OpenFlag.PATH)) {
            assertEquals(root.number() + "</>", root.toString());
        }
    }

    @Test
    void everyDescriptorIsCloseOnExec() throws Exception {
        Fd[] pair = kernel.sockets().pair("p");
        List<Fd> all =
                List.of(
                        pair[0],
                        pair[1],
                        files.open("/", OpenFlag.PATH),
                        files.resolve(
                                files.here(),
                                "/proc",
                                EnumSet.of(OpenFlag.PATH),
                                EnumSet.noneOf(ResolveFlag.class)),
                        kernel.descriptors().memoryFile("m"),
                        kernel.sockets().unixStream("s"),
                        kernel.processes().openPid((int) ProcessHandle.current().pid()),
                        kernel.descriptors().duplicate(pair[0]));
        for (Fd fd : all) {
            String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()));
            int flags = Integer.parseInt(info.replaceAll("(?s).*flags:\\s*(\\d+).*", "$1"), 8);

            assertEquals(02000000, flags & 02000000, fd + "\n" + info);
            fd.close();
        }
    }

    @Test
    void bytesAndDescriptorsTravelOverAPair() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "inside");
        Fd[] pair = kernel.sockets().pair("p");
        List<Fd> received = new ArrayList<>();
        try (Fd left = pair[0];
                Fd right = pair[1]) {
            try (Fd sent = open(file, OpenFlag.RDONLY);
                    Fd root = files.open("/", OpenFlag.PATH)) {
                kernel.sockets()
                        .send(left, "hello".getBytes(StandardCharsets.UTF_8), List.of(sent, root));
            }

            byte[] text = kernel.sockets().receiveFully(right, 5, received).orElseThrow();

            assertEquals("hello", text(text));
            assertEquals(2, received.size());
            assertEquals("inside", text(files.readAll(received.get(0))));
            assertTrue(files.stat(received.get(1)).isDirectory());
        }
        received.forEach(Fd::close);
    }

    @Test
    void mostDescriptorsThatOneMessageCarriesAllArrive() {
        Fd[] pair = kernel.sockets().pair("p");
        List<Fd> sent = new ArrayList<>();
        List<Fd> received = new ArrayList<>();
        try (Fd left = pair[0];
                Fd right = pair[1];
                Fd root = files.open("/", OpenFlag.PATH)) {
            for (int i = 0; i < 253; i++) {
                sent.add(root);
            }
            kernel.sockets().send(left, new byte[1], sent);
            byte[] one = kernel.sockets().receive(right, 1, received);

            assertEquals(1, one.length);
            assertEquals(253, received.size());
            Set<Integer> numbers = new HashSet<>();
            received.forEach(fd -> numbers.add(fd.number()));
            assertEquals(253, numbers.size());
        }
        received.forEach(Fd::close);
    }

    @Test
    void endOfStreamIsNullAndInTheMiddleAFailure() {
        Fd[] pair = kernel.sockets().pair("talk");
        try (Fd right = pair[1]) {
            kernel.sockets().send(pair[0], new byte[3], List.of());
            pair[0].close();

            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> kernel.sockets().receiveFully(right, 4, new ArrayList<>()));
            assertEquals("talk ended in the middle of a message", failure.getMessage());
            assertEquals(
                    Optional.empty(), kernel.sockets().receiveFully(right, 4, new ArrayList<>()));
        }
    }

    @Test
    void sendingWithoutAReaderIsAFailureAndNoSignal() {
        Fd[] pair = kernel.sockets().pair("talk");
        pair[1].close();
        try (Fd left = pair[0]) {
            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> kernel.sockets().send(left, new byte[1], List.of()));

            assertTrue(failure.is(Errno.EPIPE), failure.getMessage());
        }
    }

    @Test
    void namedSocketsConnect() {
        String path = directory.resolve("s").toString();
        try (Fd server = kernel.sockets().unixStream("server");
                Fd client = kernel.sockets().unixStream("client")) {
            kernel.sockets().bind(server, path);
            kernel.sockets().listen(server, 1);
            kernel.sockets().connect(client, path);
            try (Fd accepted = kernel.sockets().accept(server)) {
                kernel.sockets().send(client, new byte[] {7}, List.of());

                assertArrayEquals(
                        new byte[] {7}, kernel.sockets().receive(accepted, 9, new ArrayList<>()));
            }
        }
    }

    @Test
    void socketPathThatIsTooLongIsRefusedWithARemedy() {
        String path = "/" + "x".repeat(107);
        try (Fd socket = kernel.sockets().unixStream("s")) {
            Failure failure =
                    assertThrows(Failure.class, () -> kernel.sockets().bind(socket, path));

            assertEquals(
                    "socket path: \""
                            + path
                            + "\" is longer than 107 bytes; use a shorter directory",
                    failure.getMessage());
        }
    }

    @Test
    void sealedMemoryFileCannotBeChangedByItsOwner() {
        try (Fd memory = kernel.descriptors().memoryFile("sealed")) {
            files.writeAll(memory, new byte[4]);
            kernel.descriptors().seal(memory);

            Failure failure =
                    assertThrows(Failure.class, () -> files.writeAll(memory, new byte[1]));
            assertEquals("write sealed: EPERM", failure.getMessage());
        }
    }

    @Test
    void directoryIsListedWithoutItselfAndItsParent() throws Exception {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String name = "a rather long name for a file, number " + i;
            Files.createFile(directory.resolve(name));
            expected.add(name);
        }
        try (Fd here = open(directory, OpenFlag.DIRECTORY)) {
            List<String> names = kernel.directories().list(here);

            assertEquals(1000, names.size());
            assertEquals(expected, new HashSet<>(names));
        }
    }

    @Test
    void linksAreReadAndResolvedInsideARoot() throws Exception {
        Files.createDirectory(directory.resolve("etc"));
        Files.writeString(directory.resolve("etc/passwd"), "inside");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc/passwd"));
        try (Fd root = open(directory, OpenFlag.DIRECTORY, OpenFlag.PATH);
                Fd file = files.openInRoot(root, "/link", EnumSet.of(OpenFlag.RDONLY))) {
            assertEquals("/etc/passwd", kernel.directories().readLink(root, "link"));
            assertTrue(files.statAt(root, "link").isSymlink());
            assertEquals("inside", text(files.readAll(file)));
        }
    }

    @Test
    void lockIsSeenByOthersUntilItIsClosed() {
        try (Fd observer = open(directory, OpenFlag.DIRECTORY)) {
            Fd holder = open(directory, OpenFlag.DIRECTORY);
            kernel.descriptors().lock(holder);
            assertFalse(kernel.descriptors().isUnlocked(observer));
            holder.close();

            assertTrue(kernel.descriptors().isUnlocked(observer));
        }
    }

    @Test
    void deviceNumbersOfNodesAreThoseOfTheKernel() {
        Stat nothing = files.statIfExists("/dev/null").orElseThrow();

        assertTrue(nothing.isCharacterDevice(1, 3));
        assertNotEquals(0, nothing.permissions());
        assertEquals(Optional.empty(), files.statIfExists("/no/such"));
        assertEquals(Optional.empty(), files.statIfExists("/dev/null/below"));
    }
}
