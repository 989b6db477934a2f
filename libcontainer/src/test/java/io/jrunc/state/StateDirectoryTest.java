// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.BeforeCall;
import io.jrunc.container.Containers;
import io.jrunc.container.Hosts;
import io.jrunc.container.JvmSpawner;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private final Kernel kernel = LocalKernel.get();
    private static final int PATIENCE_SECONDS = 20;

    @TempDir Path directory;

    private String root() {
        return directory.resolve("run/jrunc").toString();
    }

    private StateDirectory claim(String id) {
        return new StateRoot(kernel, root(), notice -> {}).claim(id);
    }

    private Optional<StateDirectory> find(String id) {
        return new StateRoot(kernel, root(), notice -> {}).open(id);
    }

    private StateDirectory open(String id) {
        return find(id).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void idIsClaimedOnce() {
        try (StateDirectory first = claim("web1")) {
            assertFalse(first.has(StateDirectory.STATE));

            Failure failure = assertThrows(Failure.class, () -> claim("web1").close());

            assertEquals(
                    "container with given ID already exists: web1"
                            + " (delete it or choose another id)",
                    failure.getMessage());
            assertEquals(Failure.Code.EXISTS, failure.code());
            assertTrue(failure.is(Errno.EEXIST));
        }
    }

    @Test
    void onlyItsOwnerMayLookInside() throws IOException {
        try (StateDirectory state = claim("web1")) {
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
        try (StateDirectory state = claim("web1")) {
            Path file = Path.of(root(), "web1", StateDirectory.STATE);
            state.write(StateDirectory.STATE, bytes("a long first version"));
            Object before = Files.getAttribute(file, "unix:ino");
            state.write(StateDirectory.STATE, bytes("short"));

            assertArrayEquals(bytes("short"), state.read(StateDirectory.STATE).orElseThrow());
            assertFalse(before.equals(Files.getAttribute(file, "unix:ino")));
            assertFalse(Files.exists(Path.of(root(), "web1", "state.json.new")));
        }
    }

    @Test
    void otherFilesAreTruncatedWhenWrittenAgain() {
        try (StateDirectory state = claim("web1")) {
            state.write(StateDirectory.START, bytes("longer"));
            state.write(StateDirectory.START, bytes("x"));

            assertArrayEquals(bytes("x"), state.read(StateDirectory.START).orElseThrow());
        }
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertEquals(Optional.empty(), find("web1"));
        try (StateDirectory state = claim("web1")) {
            assertEquals(Optional.empty(), state.read(StateDirectory.STATE));
            state.remove(StateDirectory.STATE); // no failure
        }
        assertEquals(Optional.empty(), find("web2"));
    }

    @Test
    void claimingProcessIsShownAsCreating() {
        StateDirectory claimed = claim("web1");
        try (StateDirectory other = open("web1")) {
            assertTrue(other.isBusy());
            claimed.close();

            assertFalse(other.isBusy());
        }
    }

    @Test
    void destroyedDirectoryLeavesNothingAndTheIdIsFreeAgain() throws IOException {
        try (StateDirectory state = claim("web1")) {
            for (String file : StateDirectory.FILES) {
                state.write(file, new byte[1]);
            }
            state.submitRemoval(kernel);
            state.submitRemoval(kernel); // that it is gone is fine
        }
        try (var left = Files.list(Path.of(root()))) {
            assertEquals(0, left.count());
        }

        claim("web1").close();
    }

    @Test
    void socketPathIsShortHoweverLongTheRootIs() throws IOException {
        Path deep = directory.resolve("x".repeat(100)).resolve("y".repeat(100));
        try (StateDirectory state =
                new StateRoot(kernel, deep.toString(), notice -> {}).claim("web1")) {
            state.write(StateDirectory.CONTROL, new byte[] {5});
            String path = state.socketPath(StateDirectory.CONTROL);

            assertTrue(path.length() < 100, path);
            assertArrayEquals(new byte[] {5}, Files.readAllBytes(Path.of(path)));
        }
    }

    @Test
    void ownerIsTheCreator() throws IOException {
        try (StateDirectory state = claim("web1")) {
            assertEquals(Files.getAttribute(directory, "unix:uid"), state.owner());
        }
    }

    @Test
    void operationsOfThreadsOnOneObjectExcludeEachOther() throws Exception {
        BlockingQueue<String> notices = new LinkedBlockingQueue<>();
        StateRoot root = new StateRoot(kernel, root(), notices::add);
        try (StateDirectory state = root.claim("web1")) {
            state.release();
            OperationLock first = state.lock();
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> state.lock().close());

            assertEquals(
                    "container web1: waiting for the end of another operation on it",
                    notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertFalse(second.isDone());
            first.close();
            second.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void interruptEndsTheWaitForALock() throws Exception {
        try (StateDirectory state = claim("web1");
                StateDirectory other = open("web1")) {
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread waiting =
                    new Thread(
                            () -> {
                                Failure failure = assertThrows(Failure.class, other::lock);
                                boolean still = Thread.currentThread().isInterrupted();
                                outcome.complete(failure.code().word() + " " + still);
                            });
            waiting.start();
            waiting.interrupt();

            assertEquals("interrupted true", outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTrue(other.isBusy());
            state.release();
            assertFalse(other.isBusy());
        }
    }

    /** To look must not keep others from working on it. */
    @Test
    void askingWhetherItIsBusyLocksNothing() {
        try (StateDirectory state = claim("web1");
                StateDirectory other = open("web1")) {
            state.release();
            assertFalse(other.isBusy());

            assertTrue(state.tryClaim());
        }
    }

    /** The create that holds the lock has not written its state when the sweep finds nothing. */
    @Test
    void sweepLooksAgainOnceItHasTheLock() throws Exception {
        BlockingQueue<String> notices = new LinkedBlockingQueue<>();
        Containers containers = new Containers(kernel, root(), new JvmSpawner(), notices::add);
        try (StateDirectory created = claim("web1")) {
            assertEquals(Optional.empty(), containers.find("web1"));
            CompletableFuture<Boolean> swept =
                    CompletableFuture.supplyAsync(() -> containers.sweep("web1"));
            assertNotNull(notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));

            created.write(StateDirectory.STATE, Hosts.state().toJson());
            created.release();

            assertFalse(swept.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTrue(created.has(StateDirectory.STATE));
        }
    }

    /** A sweep may remove the empty directory between mkdir and lock. */
    @Test
    void claimLooksAgainOnceItHasTheLock() {
        AtomicInteger swept = new AtomicInteger();
        Kernel raced =
                new BeforeCall(
                        kernel,
                        Syscall.FLOCK,
                        () -> {
                            if (swept.getAndIncrement() == 0) {
                                assertTrue(Path.of(root(), "web1").toFile().delete());
                            }
                        });

        try (StateDirectory claimed = new StateRoot(raced, root(), notice -> {}).claim("web1")) {
            claimed.write(StateDirectory.STATE, new byte[1]);

            assertTrue(Files.exists(Path.of(root(), "web1", StateDirectory.STATE)));
            assertTrue(swept.get() > 1);
        }
    }

    @Test
    void everyFileIsWrittenInWholeOrNotAtAll() throws IOException {
        try (StateDirectory state = claim("web1")) {
            for (String name :
                    List.of(
                            StateDirectory.STATE,
                            StateDirectory.CONFIG,
                            StateDirectory.RESOURCES,
                            StateDirectory.START)) {
                state.write(name, bytes("before"));
                Path file = Path.of(root(), "web1", name);
                Object before = Files.getAttribute(file, "unix:ino");

                state.write(name, bytes("after"));

                assertFalse(before.equals(Files.getAttribute(file, "unix:ino")), name);
            }
        }
    }

    @Test
    void damagedStateIsReadFromItsCopy() {
        byte[] json = Hosts.state().toJson();
        try (StateDirectory state = claim("web1")) {
            assertEquals(Optional.empty(), State.find(state));
            state.write(StateDirectory.STATE_COPY, json);
            for (String damaged : List.of("", "{", "null", "\0\0\0\0", "{}")) {
                state.write(StateDirectory.STATE, bytes(damaged));

                assertEquals(Optional.of(Hosts.state()), State.find(state), damaged);
            }
            state.remove(StateDirectory.STATE);
            assertEquals(Optional.of(Hosts.state()), State.find(state));
            state.write(StateDirectory.STATE_COPY, bytes(""));
            Failure failure = assertThrows(Failure.class, () -> State.find(state));
            assertEquals(Failure.Code.DAMAGED, failure.code());
            assertTrue(
                    failure.getMessage().endsWith("Containers.removeLost removes the container"));
        }
    }

    @Test
    void specificationWithoutAStateIsDamage() {
        try (StateDirectory state = claim("web1")) {
            state.write(StateDirectory.CONFIG, bytes("{}"));

            assertEquals(
                    Failure.Code.DAMAGED,
                    assertThrows(Failure.class, () -> State.find(state)).code());
        }
    }
}
