// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Source: the encoding of protobuf, protobuf.dev/programming-guides/encoding. */
class CriuMessageTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void fieldsAreEncodedByTheirNumbers() {
        CriuMessage message =
                new CriuMessage()
                        .put(1, 150)
                        .put(2, "testing")
                        .put(3, true)
                        .put(4, new CriuMessage().put(1, 150))
                        .put(64, 3);

        assertArrayEquals(
                hex("08 9601 12 07 74657374696e67 18 01 22 03 08 9601 8004 03"), message.toBytes());
    }

    @Test
    void whatIsEncodedIsDecoded() {
        CriuMessage message =
                CriuMessage.parse(
                        new CriuMessage()
                                .put(5, -1)
                                .put(6, "é")
                                .put(7, new CriuMessage().put(1, 7))
                                .toBytes());

        assertEquals(OptionalLong.of(-1), message.number(5));
        assertEquals("é", message.text(6).orElseThrow());
        assertEquals(OptionalLong.of(7), message.message(7).orElseThrow().number(1));
        assertTrue(message.text(5).isEmpty());
        assertTrue(message.number(99).isEmpty());
    }

    /** A later criu may send more. */
    @Test
    void fieldsOfOtherTypesAreSkipped() {
        CriuMessage message = CriuMessage.parse(hex("0d 01020304 11 0102030405060708 18 05"));

        assertEquals(OptionalLong.of(5), message.number(3));
    }

    @Test
    void brokenMessageIsAFailure() {
        Failure failure = assertThrows(Failure.class, () -> CriuMessage.parse(hex("12 7f 74")));

        assertEquals(Failure.Code.PROTOCOL, failure.code());
    }
}
