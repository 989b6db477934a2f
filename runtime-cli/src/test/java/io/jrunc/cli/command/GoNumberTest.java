// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.Failure;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What runc 1.1.5 made of each word: a number, or a refusal. Where ours differs, a comment says.
 */
class GoNumberTest {
    private static String made(BiFunction<String, String, Long> parser, String word) {
        try {
            return Long.toString(parser.apply("--option", word));
        } catch (Failure f) {
            return "refused";
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    1.5g, 1610612736
                    "1.5 g", 1610612736
                    50m, 52428800
                    50M, 52428800
                    50000kb, 51200000
                    50000KiB, 51200000
                    50000kib, 51200000
                    90000000b, 90000000
                    90000000.5, 90000000
                    1ib, 1
                    1t, 1099511627776
                    1p, 1125899906842624
                    0, 0
                    0.5k, 512
                    -1, -1
                    +50m, refused
                    -2, refused
                    -1g, refused
                    " 50m", refused
                    "50m ", refused
                    "50  m", refused
                    0x1000000, refused
                    1e8, refused
                    .5g, refused
                    50.m, refused
                    1.5.5g, refused
                    50_000_000, refused
                    abc, refused
                    infg, refused
                    g, refused
                    "", refused
                    8191p, 9222246136947933184
                    8192p, refused
                    99999999999999999999, refused
                    """)
    void bytes(String word, String expected) {
        // runc makes the smallest negative number of the last two.
        assertEquals(expected, made(GoNumber::bytes, word));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    20, 20
                    +20, 20
                    -1, -1
                    0x14, 20
                    0X14, 20
                    024, 20
                    0o24, 20
                    0b11, 3
                    1_0, 10
                    0x_1_0, 16
                    0, 0
                    00, 0
                    " 20", refused
                    1.5, refused
                    1e3, refused
                    1__0, refused
                    _1, refused
                    1_, refused
                    0x, refused
                    --1, refused
                    09, refused
                    abc, refused
                    "", refused
                    9223372036854775807, 9223372036854775807
                    99999999999999999999, refused
                    """)
    void anyBase(String word, String expected) {
        assertEquals(expected, made(GoNumber::anyBase, word));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    100, 100, 100
                    +100, 100, refused
                    -1, -1, refused
                    0100, 100, 100
                    " 100", refused, refused
                    0x64, refused, refused
                    1.5, refused, refused
                    1_00, refused, refused
                    abc, refused, refused
                    99999999999999999999, refused, refused
                    """)
    void decimal(String word, String signed, String unsigned) {
        assertEquals(signed, made(GoNumber::signed, word));
        assertEquals(unsigned, made(GoNumber::unsigned, word));
    }
}
