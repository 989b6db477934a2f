// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.Events;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real descriptors that wait. Sources: epoll(7), eventfd(2), inotify(7). */
class EventsTest {
    /** Not the common pool: it may have only one thread, which other code may need. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private final LocalKernel kernel = LocalKernel.get();
    private final Events events = kernel.events();
    private final Fd epoll = events.epoll("test");
    private final Fd[] sockets = kernel.sockets().pair("test");
    @TempDir Path directory;

    @AfterEach
    void close() {
        sockets[0].close();
        sockets[1].close();
        epoll.close();
    }

    @Test
    void nothingHappensUntilTheTimeIsOver() {
        events.awaitInput(epoll, sockets[0], 7);

        assertEquals(List.of(), events.await(epoll, 0));
        assertEquals(List.of(), events.await(epoll, 1));
    }

    @Test
    void inputIsIdentifiedByItsTag() {
        events.awaitInput(epoll, sockets[0], 7);
        events.awaitInput(epoll, sockets[1], 0x123456789abL);

        kernel.sockets().send(sockets[0], new byte[] {1}, List.of());

        assertEquals(List.of(0x123456789abL), events.await(epoll, -1));
    }

    @Test
    void awaitingHangupIgnoresInput() {
        events.awaitHangup(epoll, sockets[1], 7);

        kernel.sockets().send(sockets[0], new byte[] {1}, List.of());
        assertEquals(List.of(), events.await(epoll, 0));

        sockets[0].close();
        assertEquals(List.of(7L), events.await(epoll, -1));
    }

    /** As when another process has it, too. */
    @Test
    void removedDescriptorIsNotReportedThoughADuplicateIsOpen() {
        events.awaitHangup(epoll, sockets[1], 7);
        try (Fd duplicate = kernel.descriptors().duplicate(sockets[1])) {
            sockets[0].close();
            assertEquals(List.of(7L), events.await(epoll, -1));

            events.forget(epoll, sockets[1]);
            sockets[1].close();

            assertEquals(List.of(), events.await(epoll, 0), duplicate::toString);
        }
    }

    @Test
    void fileNeverHangsUp() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Fd open = kernel.files().open(file.toString(), OpenFlag.WRONLY)) {
            events.awaitHangup(epoll, open, 7);

            assertEquals(List.of(), events.await(epoll, 0));
        }
    }

    @Test
    void epollIsWaitedForByAnother() {
        try (Fd outer = events.epoll("outer")) {
            events.awaitInput(epoll, sockets[0], 1);
            events.awaitInput(outer, epoll, 2);

            kernel.sockets().send(sockets[1], new byte[] {1}, List.of());

            assertEquals(List.of(2L), events.await(outer, -1));
        }
    }

    @Test
    void counterIsTakenOnce() {
        try (Fd counter = events.counter("test")) {
            events.awaitInput(epoll, counter, 7);
            assertEquals(0, events.take(counter));

            kernel.files().write(counter, "\1\0\0\0\0\0\0\0").result();
            kernel.files().write(counter, "\2\0\0\0\0\0\0\0").result();

            assertEquals(List.of(7L), events.await(epoll, -1));
            assertEquals(3, events.take(counter));
            assertEquals(0, events.take(counter));
        }
    }

    @Test
    void changeOfAFileIsReportedUntilItIsDiscarded() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Fd inotify = events.inotify("test")) {
            events.watchContent(inotify, file.toString());
            events.awaitInput(epoll, inotify, 7);

            Files.writeString(file, "changed");

            assertEquals(List.of(7L), events.await(epoll, -1));
            events.discard(inotify);
            assertEquals(List.of(), events.await(epoll, 0));
        }
    }

    /** As in a program that embeds the library and watches a container in a thread. */
    @Test
    void waitingThreadDoesNotBlockOthers() throws Exception {
        events.awaitInput(epoll, sockets[0], 7);
        var waiting = CompletableFuture.supplyAsync(() -> events.await(epoll, -1), THREADS);
        awaitCall(Syscall.EPOLL_PWAIT.number() + " 0x" + Integer.toHexString(epoll.number()));

        byte[] message = {1};
        var sending =
                CompletableFuture.runAsync(
                        () -> kernel.sockets().send(sockets[1], message, List.of()), THREADS);

        sending.get(30, TimeUnit.SECONDS);
        assertEquals(List.of(7L), waiting.get(30, TimeUnit.SECONDS));
    }

    /** Waits until some thread of this process is in that call; proc(5), "/proc/pid/syscall". */
    private static void awaitCall(String call) throws Exception {
        CompletableFuture.runAsync(
                        () -> {
                            while (calls().noneMatch(one -> one.startsWith(call))) {
                                Thread.onSpinWait();
                            }
                        },
                        THREADS)
                .get(30, TimeUnit.SECONDS);
    }

    private static Stream<String> calls() {
        File[] threads = new File("/proc/self/task").listFiles();
        return Stream.of(threads).map(thread -> text(thread.toPath().resolve("syscall")));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a thread that has ended meanwhile
        }
    }
}
