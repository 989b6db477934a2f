// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import static io.jrunc.cli.launcher.FuzzedLauncher.Request.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.launcher.FuzzedLauncher.Conversation;
import io.jrunc.cli.launcher.FuzzedLauncher.End;
import io.jrunc.cli.launcher.FuzzedLauncher.Request;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throws garbage at the real launcher, in place of Java. Whatever it hears, it ends, leaves no
 * process, says one sentence at most, and no sanitizer finds a fault. More rounds: {@code
 * -Djrunc.fuzz.rounds=10000}.
 */
class LauncherFuzzTest {
    private static final int ROUNDS = Integer.getInteger("jrunc.fuzz.rounds", 60);
    private static final int FAILED = 1;
    private static final int GAVE_UP = 2;

    private static final int IMMEDIATE = 0;
    private static final int DATA = 1;
    private static final int RESULT = 3;
    private static final int DESCRIPTOR = 4;
    private static final int CLEANUP = 1;
    private static final int NEXT_CLEANUP = 2;

    private static final int GETPID = Syscall.GETPID.number();
    private static final long CLOSED_DESCRIPTOR = 1_000_000;

    /** Signals go to the process that is supervised: none has such a number. */
    private static final long NO_PROCESS = (4 << 20) + 1;

    @TempDir static Path home;
    private static FuzzedLauncher launcher;

    @BeforeAll
    static void build() throws Exception {
        launcher = FuzzedLauncher.build(home);
    }

    @AfterEach
    void leavesNoProcess() throws Exception {
        assertEquals(List.of(), launcher.remains());
    }

    private static End hear(Conversation conversation) throws Exception {
        try {
            End end = launcher.hear(conversation);
            assertTrue(end.status() < FuzzedLauncher.FAULT, end::toString);
            assertTrue(end.errors().size() <= 1, end::toString);
            return end;
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nafter " + conversation, e);
        }
    }

    private static void assertExits(int status, Conversation conversation) throws Exception {
        End end = hear(conversation);
        assertEquals(status, end.status(), () -> end + " after " + conversation);
    }

    private static Conversation say(byte[] bytes) {
        return new Conversation().say(bytes);
    }

    private static Conversation say(Request request) {
        return say(request.bytes());
    }

    @Test
    void endsWithTheStatusItIsGiven() throws Exception {
        assertExits(7, say(new Request().add(ChildOp.END.number(), IMMEDIATE, 7)));
    }

    @Test
    void silenceIsAFailureInOneSentence() throws Exception {
        End end = hear(new Conversation().end(3));

        assertEquals(FAILED, end.status());
        assertEquals(1, end.errors().size(), end::toString);
        assertTrue(end.errors().get(0).contains("ended with status 3"), end::toString);
    }

    @Test
    void randomBytesAreRefused() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS / 4; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            assertExits(GAVE_UP, say(garbage));
        }
    }

    @Test
    void randomBytesAfterARightMagicNeverHarmIt() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < ROUNDS / 4; i++) {
            byte[] garbage = new byte[Request.HEAD_BYTES + random.nextInt(400)];
            random.nextBytes(garbage);
            ByteBuffer.wrap(garbage).order(ByteOrder.nativeOrder()).putInt(0, Request.MAGIC);
            hear(say(garbage));
        }
    }

    @Test
    void batchesCutShortAreRefused() throws Exception {
        byte[] request = new Request().add(GETPID).data(new byte[8]).bytes();
        for (int length = 1; length < request.length; length += 7) {
            assertExits(GAVE_UP, say(Arrays.copyOf(request, length)));
        }
    }

    @Test
    void oversizedLengthsAreRefused() throws Exception {
        for (int size : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, (64 << 20) + 1}) {
            assertExits(GAVE_UP, say(head(Request.MAGIC, 0, size, 0, 0)));
            assertExits(GAVE_UP, say(head(Request.MAGIC, 0, 0, size, 0)));
            assertExits(GAVE_UP, say(head(Request.MAGIC, 0, 0, 0, size)));
        }
        assertExits(GAVE_UP, say(head(Request.MAGIC, 0, (1 << 16) + 1, 0, 0)));
    }

    @Test
    void largestLengthsAreAccepted() throws Exception {
        int most = 64 << 20;
        assertExits(FAILED, say(head(Request.MAGIC, 0, 0, 0, most))); // Java ends without a message
        assertExits(GAVE_UP, say(head(Request.MAGIC, 0, 1 << 16, most, most))); // and nothing more
    }

    @Test
    void textsOutsideTheDataAreRefused() throws Exception {
        long[][] texts = { // a kind, an address and a length
            {DATA, 0, 9},
            {DATA, 8, 1},
            {DATA, 4, -1},
            {DATA, 0, Long.MAX_VALUE},
            {IMMEDIATE, 0, 0},
            {IMMEDIATE, 4096, 8},
            {IMMEDIATE, -4, 8},
        };
        for (long[] text : texts) {
            long[] words = {0, -1, 0, -1, 0, -1, text[0], text[1], IMMEDIATE, text[2]};
            Request relay = new Request().data(new byte[8]);
            assertExits(GAVE_UP, say(relay.add(ChildOp.RELAY_READINESS.number(), words)));
            words = new long[] {0, NO_PROCESS, 0, -1, 0, 1, text[0], text[1], IMMEDIATE, text[2]};
            Request supervise = new Request().data(new byte[8]);
            assertExits(GAVE_UP, say(supervise.add(ChildOp.SUPERVISE.number(), words)));
        }
    }

    private static Request supervise(long pid, long count, byte[] arguments) {
        long[] words = {0, pid, 0, -1, 0, count, DATA, 0, 0, arguments.length, 0, 0};
        return new Request().data(arguments).add(ChildOp.SUPERVISE.number(), words);
    }

    @Test
    void doesNotWaitForAProcessThatIsNotItsChild() throws Exception {
        assertExits(FAILED, say(supervise(NO_PROCESS, 0, new byte[0])));
        for (long pid : new long[] {0, -1, Integer.MIN_VALUE}) {
            assertExits(FAILED, say(supervise(pid, 0, new byte[0])));
        }
    }

    @Test
    void cleanupArgumentsThatAreMissingAreNotReadFromElsewhere() throws Exception {
        for (int length : new int[] {0, 1, 8, 4095, 4096}) {
            assertExits(FAILED, say(supervise(NO_PROCESS, 60, new byte[length])));
        }
    }

    @Test
    void cleanupBatchesMayHoldAnyOperation() throws Exception {
        for (int flags : new int[] {CLEANUP, NEXT_CLEANUP, CLEANUP | NEXT_CLEANUP}) {
            byte[] cleanup = supervise(NO_PROCESS, 1, new byte[8]).flags(flags).bytes();
            hear(say(cleanup).say(cleanup));
            hear(say(cleanup).say(supervise(NO_PROCESS, 1, new byte[8])));
            hear(say(cleanup).say(new Request().add(ChildOp.END.number(), IMMEDIATE, 5)));
        }
    }

    @Test
    void wordsOfAContainerAreOnlyReadAsFarAsTheyGo() throws Exception {
        Random random = new Random(3);
        String[] parts = {"READY=1", "READY=", "READY=1\n", "\n", "\0", "READY=12", "STATUS=x"};
        byte[] pid = "MAINPID=1\n".getBytes(StandardCharsets.US_ASCII);
        long[] words = {DESCRIPTOR, 0, DESCRIPTOR, 1, 0, 0, DATA, 0, 0, pid.length};
        Request relay = new Request().data(pid).add(ChildOp.RELAY_READINESS.number(), words);
        relay.add(ChildOp.END.number(), IMMEDIATE, 0);
        for (int i = 0; i < ROUNDS / 4; i++) {
            Conversation conversation = new Conversation();
            for (int message = random.nextInt(4); message >= 0; message--) {
                StringBuilder text = new StringBuilder();
                for (int part = random.nextInt(6); part > 0; part--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                text.append("=".repeat(random.nextInt(8) == 0 ? 5000 : 0));
                conversation.sayAsContainer(text.toString().getBytes(StandardCharsets.US_ASCII));
            }
            assertExits(0, conversation.sayWithSockets(relay.bytes()));
        }
    }

    @Test
    void randomOperationsNeverHarmIt() throws Exception {
        for (int seed = 0; seed < ROUNDS * 4; seed++) {
            Random random = new Random(seed);
            Conversation conversation = new Conversation();
            for (int batch = random.nextInt(4); batch >= 0; batch--) {
                byte[] bytes = randomBatch(random);
                bytes = batch == 0 ? damage(bytes, random) : bytes;
                if (random.nextBoolean()) {
                    conversation.sayWithSockets(bytes);
                } else {
                    conversation.say(bytes);
                }
            }
            hear(conversation.end(random.nextInt(3)));
        }
    }

    /**
     * Cuts a batch short or changes a word of its head. Only the last one of a conversation:
     * garbage must not be read as the number of a system call, which the launcher would make.
     */
    private static byte[] damage(byte[] batch, Random random) {
        if (random.nextInt(6) == 0) {
            return Arrays.copyOf(batch, 1 + random.nextInt(batch.length));
        }
        if (random.nextInt(3) == 0) {
            int at = 4 * random.nextInt(Request.HEAD_BYTES / 4);
            ByteBuffer head = ByteBuffer.wrap(batch).order(ByteOrder.nativeOrder());
            head.putInt(at, head.getInt(at) ^ 1 << random.nextInt(32));
        }
        return batch;
    }

    private static Request randomBatch(Random random, int[] harmless) {
        byte[] data = new byte[random.nextInt(64)];
        random.nextBytes(data);
        Request batch = new Request().data(data).output(random.nextInt(64));
        int operations = 1 + random.nextInt(10);
        for (int i = 0; i < operations; i++) {
            int number = harmless[random.nextInt(harmless.length)];
            batch.add(number, randomArguments(random, number, i, data.length));
        }
        return batch.flags(random.nextInt(4) == 0 ? random.nextInt(4) : 0);
    }

    private static byte[] randomBatch(Random random) {
        int[] harmless = {
            GETPID,
            Syscall.UMASK.number(),
            Syscall.CLOSE.number(),
            ChildOp.TAKE_CONTROL.number(),
            ChildOp.ATTACH.number(),
            ChildOp.STORE.number(),
            ChildOp.CONTROL.number(),
            ChildOp.SUPERVISE.number(),
            ChildOp.END.number(),
            ChildOp.RELAY_READINESS.number(),
            -6, // no such operation
            Integer.MIN_VALUE,
        };
        return randomBatch(random, harmless).bytes();
    }

    private static long[] randomArguments(Random random, int number, int index, int dataLength) {
        long[] args = new long[12];
        for (int j = 0; j < 12; j += 2) {
            args[j] = random.nextInt(8) == 0 ? random.nextInt(5) : IMMEDIATE;
            args[j] = random.nextInt(200) == 0 ? random.nextInt(16) : args[j];
            int bound = args[j] == RESULT ? index + 1 : args[j] == DESCRIPTOR ? 3 : 64;
            args[j + 1] = args[j] == IMMEDIATE ? word(random) : random.nextInt(bound);
        }
        if (number == Syscall.CLOSE.number() || number == ChildOp.TAKE_CONTROL.number()) {
            args[0] = IMMEDIATE;
            args[1] = CLOSED_DESCRIPTOR + random.nextInt(100);
        } else if (number == ChildOp.SUPERVISE.number()) {
            args[0] = IMMEDIATE;
            args[1] = random.nextInt(4) == 0 ? -random.nextInt(3) : NO_PROCESS;
        } else if (number == ChildOp.END.number()) {
            args[0] = IMMEDIATE;
            args[1] = random.nextInt(-3, FuzzedLauncher.FAULT);
        }
        if (number == ChildOp.RELAY_READINESS.number()) {
            // The launcher waits until this is readable: a process that does not end holds it up.
            args[4] = IMMEDIATE;
            args[5] = random.nextInt(-1, 2);
        }
        boolean takesText = number <= ChildOp.SUPERVISE.number();
        if (takesText && number != ChildOp.END.number() && random.nextInt(8) != 0) {
            int from = random.nextInt(dataLength + 1);
            args[6] = DATA;
            args[7] = from;
            args[8] = IMMEDIATE;
            args[9] = random.nextInt(dataLength - from + 1);
        }
        return args;
    }

    private static long word(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(5);
            case 1 -> random.nextInt(70);
            case 2 -> Long.MIN_VALUE >>> random.nextInt(64);
            default -> random.nextLong();
        };
    }
}
