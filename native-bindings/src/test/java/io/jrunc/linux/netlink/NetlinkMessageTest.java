// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout of netlink messages, byte for byte. */
class NetlinkMessageTest {
    @BeforeEach
    void bytesAreWrittenForLittleEndianMachines() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(String... hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }

    private static NetlinkReply reply(String... hex) {
        return NetlinkReply.all(bytes(hex)).get(0);
    }

    @Test
    void headThenStructureThenAttributesEachPadded() {
        NetlinkMessage message =
                new NetlinkMessage(16, 5, new byte[] {1, 2, 3, 4, 5}, "x")
                        .with(3, "lo")
                        .with(28, 0x01020304)
                        .with(1, new byte[] {9});

        assertArrayEquals(
                bytes(
                        "30 00 00 00  10 00  05 00  07 00 00 00  00 00 00 00", // head
                        "01 02 03 04  05 00 00 00", // structure
                        "07 00  03 00  6c 6f 00 00", // "lo"
                        "08 00  1c 00  04 03 02 01", // a number
                        "05 00  01 00  09 00 00 00"), // a byte
                message.bytes(7));
    }

    @Test
    void dumpIsOneByBothItsBits() {
        assertEquals(true, new NetlinkMessage(18, 0x301, new byte[16], "").isDump());
        // EXCL and CREATE of other messages share a bit with it.
        assertEquals(false, new NetlinkMessage(20, 0x605, new byte[8], "").isDump());
    }

    @Test
    void oneDatagramHoldsSeveralMessages() {
        List<NetlinkReply> replies =
                NetlinkReply.all(
                        bytes(
                                "15 00 00 00  10 00  02 00  07 00 00 00  00 00 00 00",
                                "2a 2b 2c 2d  2e 00 00 00",
                                "14 00 00 00  03 00  02 00  07 00 00 00  00 00 00 00",
                                "00 00 00 00"));

        assertEquals(2, replies.size());
        assertEquals(16, replies.get(0).type());
        assertEquals(7, replies.get(0).sequence());
        assertEquals(5, replies.get(0).payload().capacity());
        assertEquals(false, replies.get(0).isLast());
        assertEquals(true, replies.get(1).isLast());
        assertEquals(Optional.empty(), replies.get(1).error());
    }

    @Test
    void attributesAreFoundByTheirType() {
        NetlinkReply reply =
                reply(
                        "2c 00 00 00  10 00  00 00  01 00 00 00  00 00 00 00",
                        "00 00 00 00  02 00 00 00", // structure of 8 bytes
                        "07 00  03 00  6c 6f 00 00",
                        "08 00  08 80  ff 00 00 00", // with the bit of nested attributes
                        "04 00  05 00");

        assertEquals("lo", NetlinkReply.string(reply.attribute(8, 3).orElseThrow()));
        assertArrayEquals(bytes("ff 00 00 00"), reply.attribute(8, 8).orElseThrow());
        assertArrayEquals(new byte[0], reply.attribute(8, 5).orElseThrow());
        assertEquals(Optional.empty(), reply.attribute(8, 4));
    }

    @Test
    void acknowledgementIsAnErrorOfZero() {
        NetlinkReply ack =
                reply(
                        "24 00 00 00  02 00  00 01  01 00 00 00  00 00 00 00",
                        "00 00 00 00",
                        "20 00 00 00  10 00  05 00  01 00 00 00  00 00 00 00");

        assertEquals(Optional.empty(), ack.error());
        assertEquals("", ack.explanation());
    }

    @Test
    void errorIsExplainedAfterTheHeadOfTheRequest() {
        NetlinkReply error =
                reply(
                        "2c 00 00 00  02 00  00 03  01 00 00 00  00 00 00 00",
                        "ea ff ff ff",
                        "20 00 00 00  10 00  05 00  01 00 00 00  00 00 00 00",
                        "08 00  01 00  62 61 64 00");

        assertEquals(Optional.of(Errno.EINVAL), error.error());
        assertEquals("bad", error.explanation());
    }

    @Test
    void errorIsExplainedAfterTheWholeRequest() {
        NetlinkReply error =
                reply(
                        "30 00 00 00  02 00  00 02  01 00 00 00  00 00 00 00",
                        "ef ff ff ff",
                        "14 00 00 00  10 00  05 00  01 00 00 00  00 00 00 00  aa bb cc dd",
                        "08 00  01 00  62 61 64 00");

        assertEquals(Optional.of(Errno.EEXIST), error.error());
        assertEquals("bad", error.explanation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0f 00 00 00  10 00  00 00  01 00 00 00  00 00 00 00",
                "11 00 00 00  10 00  00 00  01 00 00 00  00 00 00 00",
                "ff ff ff 7f  10 00  00 00  01 00 00 00  00 00 00 00"
            })
    void messageThatIsCutOffIsRefused(String hex) {
        assertThrows(Failure.class, () -> NetlinkReply.all(bytes(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"09 00 03 00 6c 6f 00 00", "03 00 04 00 00 00 00 00"})
    void attributeThatIsCutOffIsRefused(String hex) {
        byte[] attribute = bytes(hex);
        NetlinkReply reply = new NetlinkReply(16, 0, 1, little(attribute));

        assertThrows(Failure.class, () -> reply.attribute(0, 7));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
