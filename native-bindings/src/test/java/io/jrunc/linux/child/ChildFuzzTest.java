// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.linux.local.PosixSpawn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Throws garbage at the real child. It may answer, and it exits with status 0 when the conversation
 * is over or 2 when it makes no sense; it never dies of a signal and never hangs.
 */
class ChildFuzzTest {
    private static final int MAGIC = BatchLayout.MAGIC;
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final int GAVE_UP = 2 << 8; // as wait(2) tells an exit with status 2
    private static final int ENDED = 0;
    private static final long CLOSED_DESCRIPTOR = 1_000_000;

    private static final LocalKernel KERNEL = LocalKernel.get();
    private static Fd program;

    @BeforeAll
    static void seal() {
        program = ChildProgram.sealed();
    }

    @AfterAll
    static void close() {
        program.close();
    }

    /** Sends the bytes to a new child, hangs up and returns how it ended, as wait(2) tells. */
    private static int statusAfter(byte[]... messages) {
        Fd[] pair = KERNEL.sockets().pair("fuzz");
        int pid = spawn(pair[1]);
        try (Fd ours = pair[0]) {
            for (byte[] message : messages) {
                send(ours, message);
            }
        }
        try (Fd process = KERNEL.processes().openPid(pid)) {
            boolean ended = KERNEL.processes().awaitEnd(process, TIMEOUT_MILLIS);
            if (!ended) {
                KERNEL.processes().signal(process, 9);
                KERNEL.processes().await(pid, true);
            }
            assertTrue(ended, () -> "hangs on\n" + HexDump.of(messages[0]));
        }
        return KERNEL.processes().await(pid, true);
    }

    private static int spawn(Fd socket) {
        try (socket) {
            return PosixSpawn.spawn(program, socket);
        }
    }

    private static void send(Fd socket, byte[] message) {
        try {
            KERNEL.sockets().send(socket, message, List.of());
        } catch (Failure gone) {
            // It gave up before it had read everything, as it may.
            assertTrue(gone.getMessage().matches(".*(EPIPE|ECONNRESET)"), gone::getMessage);
        }
    }

    private static void assertGivesUp(byte[] message) {
        assertEquals(GAVE_UP, statusAfter(message), () -> HexDump.of(message));
    }

    private static void assertExits(byte[] message) {
        int status = statusAfter(message);
        assertTrue(
                status == GAVE_UP || status == ENDED,
                () -> "wait status " + status + " after\n" + HexDump.of(message));
    }

    private static byte[] head(int magic, int flags, int operations, int data, int output) {
        ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(magic).putInt(1).putInt(flags);
        head.putInt(operations).putInt(data).putInt(output);
        return head.array();
    }

    @Test
    void randomBytesAreRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            assertGivesUp(garbage);
        }
    }

    @Test
    void randomBytesAfterARightMagicNeverHarmIt() {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[24 + random.nextInt(400)];
            random.nextBytes(garbage);
            ByteBuffer.wrap(garbage).order(ByteOrder.LITTLE_ENDIAN).putInt(0, MAGIC);
            assertExits(garbage);
        }
    }

    @Test
    void headCutShortIsRefused() {
        byte[] head = head(MAGIC, 0, 0, 0, 0);
        for (int length = 1; length < head.length; length++) {
            byte[] cut = new byte[length];
            System.arraycopy(head, 0, cut, 0, length);
            assertGivesUp(cut);
        }
    }

    @Test
    void batchCutShortIsRefused() {
        byte[] request = new RawBatch().add(Syscall.GETPID.number()).data(new byte[8]).request(1);
        for (int length = 25; length < request.length; length += 5) {
            byte[] cut = new byte[length];
            System.arraycopy(request, 0, cut, 0, length);
            assertGivesUp(cut);
        }
    }

    @Test
    void oversizedLengthsAreRefused() {
        for (int size : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, (64 << 20) + 1}) {
            assertGivesUp(head(MAGIC, 0, size, 0, 0));
            assertGivesUp(head(MAGIC, 0, 0, size, 0));
            assertGivesUp(head(MAGIC, 0, 0, 0, size));
        }
        assertGivesUp(head(MAGIC, 0, (1 << 16) + 1, 0, 0));
    }

    @Test
    void largestLengthsAreAccepted() {
        assertEquals(ENDED, statusAfter(head(MAGIC, 0, 0, 0, 64 << 20)));
        assertGivesUp(head(MAGIC, 0, 1 << 16, 64 << 20, 64 << 20)); // announced, but not sent
    }

    @Test
    void emptyBatchesAndEmptyCleanupBatchesAreFine() {
        byte[] empty = head(MAGIC, 0, 0, 0, 0);
        byte[] cleanup = head(MAGIC, BatchLayout.CLEANUP, 0, 0, 0);

        assertEquals(ENDED, statusAfter(empty, empty));
        assertEquals(ENDED, statusAfter(cleanup));
        assertEquals(ENDED, statusAfter(cleanup, cleanup, empty));
    }

    @Test
    void unknownKindsAreRefused() {
        for (int kind = BatchLayout.DESCRIPTOR + 1; kind < 16; kind++) {
            assertGivesUp(new RawBatch().add(Syscall.GETPID.number(), kind, 0).request(1));
        }
    }

    @Test
    void offsetsOutsideDataAndOutputAreRefused() {
        int call = Syscall.GETPID.number();
        for (long offset : new long[] {9, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8}) {
            RawBatch data = new RawBatch().data(new byte[8]);
            assertGivesUp(data.add(call, BatchLayout.DATA, offset).request(1));
            RawBatch output = new RawBatch().output(8);
            assertGivesUp(output.add(call, BatchLayout.OUTPUT, offset).request(1));
        }
    }

    @Test
    void resultsOfLaterOperationsAreRefused() {
        int call = Syscall.GETPID.number();
        for (long index : new long[] {1, 2, 1000, -1, Long.MIN_VALUE}) {
            RawBatch batch = new RawBatch().add(call).add(call, BatchLayout.RESULT, index);
            assertGivesUp(batch.add(call).request(1));
        }
        assertGivesUp(new RawBatch().add(call, BatchLayout.RESULT, 0).request(1));
    }

    @Test
    void descriptorsThatWereNotSentAreRefused() {
        for (long index : new long[] {0, 1, 253, -1, 1L << 32}) {
            assertGivesUp(
                    new RawBatch()
                            .add(Syscall.GETPID.number(), BatchLayout.DESCRIPTOR, index)
                            .request(1));
        }
    }

    @Test
    void storesOutsideTheDataAreRefused() {
        long[][] badStores = {
            {BatchLayout.DATA, 5, 0, 1, 0, 4}, // the last byte would be outside
            {BatchLayout.DATA, 1, 0, 1, 0, 8},
            {BatchLayout.DATA, 0, 0, 1, 0, 2}, // no such size
            {BatchLayout.DATA, 0, 0, 1, 0, -1},
            {BatchLayout.OUTPUT, 0, 0, 1, 0, 8},
            {BatchLayout.IMMEDIATE, 0, 0, 1, 0, 8},
            {BatchLayout.IMMEDIATE, 4096, 0, 1, 0, 8},
        };
        for (long[] store : badStores) {
            byte[] data = new byte[8];
            assertGivesUp(new RawBatch().data(data).output(8).add(-4, store).request(1));
        }
    }

    @Test
    void checksOutsideTheOutputAreRefused() {
        long[][] badChecks = {
            {BatchLayout.OUTPUT, 0, 16}, // the first byte would be outside
            {BatchLayout.OUTPUT, 0, -8},
            {BatchLayout.OUTPUT, 0, 4}, // not aligned
            {BatchLayout.OUTPUT, 4, 0},
            {BatchLayout.DATA, 0, 0},
            {BatchLayout.IMMEDIATE, 0, 0},
            {BatchLayout.IMMEDIATE, 4096, 0},
        };
        for (long[] check : badChecks) {
            long[] arguments = {check[0], check[1], 0, check[2], 0, 0};
            assertGivesUp(new RawBatch().output(8).add(-6, arguments).request(1));
        }
    }

    @Test
    void storesAtTheEndOfTheAddressSpaceAreRefused() {
        for (long address : new long[] {-1, -4, -8}) {
            assertGivesUp(
                    new RawBatch()
                            .data(new byte[8])
                            .add(-4, BatchLayout.IMMEDIATE, address, 0, 1, 0, 4)
                            .request(1));
        }
    }

    @Test
    void randomOperationsOnHarmlessCallsNeverHarmIt() {
        for (int seed = 0; seed < 4000; seed++) {
            assertExits(randomBatch(new Random(seed)));
        }
    }

    private static byte[] randomBatch(Random random) {
        int[] harmless = {
            Syscall.GETPID.number(),
            Syscall.GETPPID.number(),
            Syscall.GETTID.number(),
            Syscall.UMASK.number(),
            Syscall.CLOSE.number(), // its first word is never a descriptor that is open
            -2, // take control: of a descriptor that is not open
            -3, // attach
            -4, // store
            -5, // control
            -6, // nothing
            Integer.MIN_VALUE,
        };
        byte[] data = new byte[random.nextInt(64)];
        random.nextBytes(data);
        RawBatch batch = new RawBatch().data(data).output(random.nextInt(64));
        int operations = 1 + random.nextInt(20);
        for (int i = 0; i < operations; i++) {
            int number = harmless[random.nextInt(harmless.length)];
            long[] args = new long[12];
            for (int j = 0; j < 12; j += 2) {
                args[j] = random.nextInt(20) == 0 ? random.nextInt(16) : random.nextInt(4);
                args[j + 1] = args[j] == BatchLayout.IMMEDIATE ? word(random) : random.nextInt(24);
            }
            if (number == -2 || number == Syscall.CLOSE.number()) {
                args[0] = BatchLayout.IMMEDIATE;
                args[1] = CLOSED_DESCRIPTOR + random.nextInt(100);
            }
            batch.add(number, args);
        }
        return batch.request(random.nextInt());
    }

    private static long word(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(70);
            case 1 -> Long.MIN_VALUE >>> random.nextInt(64);
            default -> random.nextLong() >>> 1;
        };
    }

    @Test
    void severalRequestsInOneMessageAreAllAnswered() {
        byte[] one = new RawBatch().add(Syscall.GETPID.number()).request(1);
        Fd[] pair = KERNEL.sockets().pair("fuzz");
        int pid = spawn(pair[1]);
        try (Fd ours = pair[0]) {
            ByteBuffer twice = ByteBuffer.allocate(2 * one.length).put(one).put(one);
            KERNEL.sockets().send(ours, twice.array(), List.of());
            byte[] replies =
                    KERNEL.sockets().receiveFully(ours, 48, new ArrayList<>()).orElseThrow();
            ByteBuffer fields = ByteBuffer.wrap(replies).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(pid, fields.getLong(16));
            assertEquals(pid, fields.getLong(40));
        }
        assertEquals(ENDED, KERNEL.processes().await(pid, true));
    }

    @Test
    void argumentsThatAreNoDescriptorAreRefused() throws Exception {
        String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + program.number();

        for (List<String> arguments :
                List.of(
                        List.of(path),
                        List.of(path, "x"),
                        List.of(path, "-1"),
                        List.of(path, "99999999999"),
                        List.of(path, "3", "4"))) {
            assertEquals(2, new ProcessBuilder(arguments).start().waitFor(), arguments::toString);
        }
    }
}
