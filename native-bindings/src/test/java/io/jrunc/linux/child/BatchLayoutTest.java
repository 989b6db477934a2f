// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Fixes the encoding of a batch byte for byte; both architectures are little-endian. */
class BatchLayoutTest {
    private static final String REPLY =
            """
            6a 72 62 31               | magic
            09 00 00 00               | sequence
            05 00 00 00               | done
            08 00 00 00               | output length
            04 00 00 00 00 00 00 00   | result 0
            fe ff ff ff ff ff ff ff   | result 1: -ENOENT
            00 00 00 00 00 00 00 00   | result 2: a store
            00 00 00 00 00 00 00 00   | result 3: a store
            07 00 00 00 00 00 00 00   | result 4
            68 65 6c 6c 6f 00 00 00   | output: hello
            """;

    /** Numbers that no architecture changes. */
    private record Numbered(int number, String manualName) implements Operation {}

    private final DryRunKernel child = new DryRunKernel("child", line -> {});
    private final DryRunKernel runtime = new DryRunKernel("runtime", line -> {});
    private final Fd foreign = Fd.of(runtime, 77, "theirs");
    private final Arg.Out out = Arg.out(5);
    private final Call open =
            call(0x101, Fd.currentDirectory(child), Arg.text("abc"), new Arg.Octal(0755))
                    .tolerate(Errno.ENOENT, Errno.EEXIST);
    private final Fd opened = Fd.openedBy(open, child, "abc");
    private final Call read =
            call(
                            0x102,
                            opened,
                            out,
                            foreign,
                            foreign,
                            new Arg.Flags(EnumSet.of(OpenFlag.WRONLY, OpenFlag.CREAT)),
                            Arg.of(-1))
                    .tolerateAll();
    private final Call structured =
            call(
                    0x103,
                    Arg.struct(16, "{…}").putInt(0, 7).put(8, Arg.text("x")).putFd(4, opened),
                    Fd.of(child, 9, "nine"));
    private final Batch batch = new Batch(child);

    BatchLayoutTest() {
        batch.add(open);
        batch.add(read);
        batch.add(structured);
    }

    private Call call(int number, Arg... args) {
        return new Call(child, new Numbered(number, "call" + number), "subject", args);
    }

    @Test
    void requestIsEncodedAsDrawn() {
        String drawing =
                """
                6a 72 62 31               | magic "jrb1"
                09 00 00 00               | sequence
                01 00 00 00               | flags: a cleanup batch
                05 00 00 00               | operations
                20 00 00 00               | data length
                08 00 00 00               | output length

                01 01 00 00               | operation 0: number
                10 00 00 00               | kinds: immediate, data, immediate
                9c ff ff ff ff ff ff ff   | AT_FDCWD
                00 00 00 00 00 00 00 00   | data at 0
                ed 01 00 00 00 00 00 00   | 0755
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                02 00 11 00 00 00 00 00   | tolerated: ENOENT, EEXIST

                02 01 00 00               | operation 1
                23 44 00 00               | result, output, descriptor twice, immediate twice
                00 00 00 00 00 00 00 00   | result of operation 0
                00 00 00 00 00 00 00 00   | output at 0
                00 00 00 00 00 00 00 00   | descriptor 0
                00 00 00 00 00 00 00 00   | the same descriptor travels once
                41 00 00 00 00 00 00 00   | O_WRONLY|O_CREAT
                ff ff ff ff ff ff ff ff   | -1
                ff ff ff ff ff ff ff ff   | tolerated: any error

                fc ff ff ff               | operation 2: store
                11 00 00 00               | data, data
                10 00 00 00 00 00 00 00   | target: the structure's field at 8
                18 00 00 00 00 00 00 00   | value: the address of "x"
                08 00 00 00 00 00 00 00   | size
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00

                fc ff ff ff               | operation 3: store
                31 00 00 00               | data, result
                0c 00 00 00 00 00 00 00   | target: the structure's field at 4
                00 00 00 00 00 00 00 00   | value: result of operation 0
                04 00 00 00 00 00 00 00   | size
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00

                03 01 00 00               | operation 4
                01 00 00 00               | data, immediate
                08 00 00 00 00 00 00 00   | the structure
                09 00 00 00 00 00 00 00   | a descriptor whose number is known
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00

                61 62 63 00 00 00 00 00   | data at 0: "abc", padded
                07 00 00 00 00 00 00 00   | data at 8: the structure
                00 00 00 00 00 00 00 00
                78 00 00 00 00 00 00 00   | data at 24: "x"
                """;

        byte[] request = batch.encode(9, BatchLayout.CLEANUP);

        assertEquals(HexDump.of(HexDump.parse(drawing)), HexDump.of(request));
        assertEquals(List.of(foreign), batch.descriptors());
        assertEquals(HexDump.parse(REPLY).length, batch.replyLength());
    }

    @Test
    void withoutCleanupTheFlagsAreZero() {
        ByteBuffer request = ByteBuffer.wrap(batch.encode(1, 0)).order(ByteOrder.nativeOrder());

        assertEquals(0, request.getInt(BatchLayout.FLAGS));
    }

    @Test
    void replyIsDecodedAsDrawn() {
        byte[] unused = batch.encode(9, 0);
        assertNotEquals(0, unused.length);

        batch.complete(HexDump.parse(REPLY), List.of());

        assertEquals(4, open.result());
        assertEquals(Optional.of(Errno.ENOENT), read.error());
        assertEquals(7, structured.result());
        assertEquals(Optional.empty(), structured.error());
        assertEquals("hello", new String(out.bytes(), java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void failureInTheReplyIsThatOfTheLastOperationDone() {
        byte[] unused = batch.encode(9, 0);
        assertNotEquals(0, unused.length);
        byte[] reply = HexDump.parse(REPLY);
        ByteBuffer fields = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder());
        fields.putInt(BatchLayout.DONE, 1);
        fields.putLong(BatchLayout.REPLY_HEAD_BYTES, -Errno.EROFS.number());

        Call failed = batch.complete(reply, List.of()).orElseThrow();
        batch.abandon();

        assertEquals("call257 subject: EROFS", failed.failure(failed.result()).getMessage());
        assertEquals(Optional.of(Errno.ECANCELED), read.error());
        assertEquals(Optional.of(Errno.ECANCELED), structured.error());
    }

    @Test
    void fourErrorsAreTolerableAndAFifthIsRefused() {
        Batch other = new Batch(child);
        other.add(
                call(1).tolerate(
                                Errno.EPERM,
                                Errno.ENOENT,
                                Errno.EEXIST,
                                Errno.EBUSY,
                                Errno.EINVAL));

        assertThrows(IllegalStateException.class, () -> other.encode(1, 0));
    }

    @Test
    void descriptorThatWasClosedBeforeTheBatchLeavesIsNotSent() {
        foreign.close();

        assertThrows(IllegalStateException.class, () -> batch.encode(1, 0));
    }
}
