// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Machine;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.linux.local.PosixSpawn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talks to the child for arm64, run by qemu, in the numbers of that machine. */
class Arm64ChildTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-aarch64-static");
    private static final long AT_FDCWD = -100;
    private static final long NEVER_SENT = 5;

    private final LocalKernel kernel = LocalKernel.get();
    @TempDir Path directory;
    private Path child;

    @BeforeEach
    void requireEmulator() throws Exception {
        assumeFalse(Machine.name().equals("aarch64"), "the other tests run this child already");
        assumeTrue(Files.isExecutable(QEMU), QEMU + " is missing");
        var resource = ChildProgram.class.getResource("jrunc-child-aarch64");
        assumeTrue(resource != null, "there was no cross compiler for arm64");
        child = Path.of(resource.toURI());
    }

    private record Spawned(Fd socket, int pid) {}

    /** A script is the program, so that qemu gets the arguments that it needs. */
    private Spawned spawn() throws Exception {
        Path script = directory.resolve("child");
        Files.writeString(script, "#!/bin/sh\nexec " + QEMU + " '" + child + "' \"$1\"\n");
        assertTrue(script.toFile().setExecutable(true));
        Fd[] pair = kernel.sockets().pair("child");
        try (Fd program = kernel.files().open(script.toString(), OpenFlag.RDONLY);
                Fd theirs = pair[1]) {
            kernel.descriptors()
                    .keepAcrossExec(program); // the shell opens it again, by this number
            return new Spawned(pair[0], PosixSpawn.spawn(program, theirs));
        }
    }

    private static int number(Syscall syscall) throws ReflectiveOperationException {
        var field = Syscall.class.getDeclaredField("armNumber");
        field.setAccessible(true);
        return field.getInt(syscall);
    }

    private ByteBuffer converse(Spawned spawned, RawBatch batch) {
        kernel.sockets().send(spawned.socket, batch.request(7), List.of());
        byte[] reply =
                kernel.sockets()
                        .receiveFully(spawned.socket, batch.replyLength(), new ArrayList<>())
                        .orElseThrow(() -> new AssertionError("the child ended"));
        ByteBuffer fields = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(BatchLayout.MAGIC, fields.getInt(0));
        assertEquals(7, fields.getInt(BatchLayout.SEQUENCE));
        return fields;
    }

    private static long result(ByteBuffer reply, int operation) {
        return reply.getLong(BatchLayout.REPLY_HEAD_BYTES + 8 * operation);
    }

    @Test
    void callsAreMadeWithArmNumbers() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "hello");
        Spawned spawned = spawn();

        RawBatch batch =
                new RawBatch()
                        .data((file + "\0").getBytes(StandardCharsets.UTF_8))
                        .output(8)
                        .add(number(Syscall.GETPID))
                        .add(number(Syscall.OPENAT), 0, AT_FDCWD, BatchLayout.DATA, 0, 0, 0)
                        .add(
                                number(Syscall.READ),
                                BatchLayout.RESULT,
                                1,
                                BatchLayout.OUTPUT,
                                0,
                                BatchLayout.IMMEDIATE,
                                8)
                        .add(number(Syscall.CLOSE), BatchLayout.RESULT, 1)
                        .add(number(Syscall.CLOSE), BatchLayout.IMMEDIATE, 999);
        ByteBuffer reply = converse(spawned, batch);

        assertEquals(spawned.pid, result(reply, 0));
        assertTrue(result(reply, 1) > 2, "openat: " + result(reply, 1));
        assertEquals(5, result(reply, 2));
        assertEquals(0, result(reply, 3));
        assertEquals(-Errno.EBADF.number(), result(reply, 4));
        byte[] text = new byte[5];
        reply.get(reply.capacity() - 8, text);
        assertEquals("hello", new String(text, StandardCharsets.UTF_8));
        spawned.socket.close();
        assertEquals(0, kernel.processes().await(spawned.pid, true));
    }

    @Test
    void callsThatDependOnAFailureAreSkipped() throws Exception {
        Spawned spawned = spawn();

        RawBatch batch =
                new RawBatch()
                        .data("/no/such\0".getBytes(StandardCharsets.UTF_8))
                        .add(number(Syscall.OPENAT), 0, AT_FDCWD, BatchLayout.DATA, 0, 0, 0)
                        .add(number(Syscall.CLOSE), BatchLayout.RESULT, 0);
        ByteBuffer reply = converse(spawned, batch);

        assertEquals(-Errno.ENOENT.number(), result(reply, 0));
        assertEquals(-Errno.ECANCELED.number(), result(reply, 1));
        spawned.socket.close();
        assertEquals(0, kernel.processes().await(spawned.pid, true));
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        Spawned spawned = spawn();

        byte[] request =
                new RawBatch()
                        .add(number(Syscall.GETPID), BatchLayout.DESCRIPTOR, NEVER_SENT)
                        .request(1);
        kernel.sockets().send(spawned.socket, request, List.of());

        assertEquals(2 << 8, kernel.processes().await(spawned.pid, true));
        spawned.socket.close();
    }
}
