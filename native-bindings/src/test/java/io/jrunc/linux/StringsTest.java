// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringsTest {
    private static String decode(byte[] bytes) {
        return Strings.decode(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "grün", "漢字", "a\ud83d\ude00b", "\ufffd", "x\ufffdy"})
    void textIsItself(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

        assertEquals(text, decode(utf8));
        assertArrayEquals(utf8, Strings.encode(text));
    }

    /** Cut short, overlong, a surrogate, beyond Unicode, a lone byte of the middle. */
    @ParameterizedTest
    @ValueSource(
            strings = {"ff", "78ff79", "c3", "e282", "c080", "eda080", "f4908080", "80", "fffd"})
    void bytesThatAreNoUtf8SurviveTheWayThereAndBack(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertArrayEquals(bytes, Strings.encode(decode(bytes)));
    }

    @Test
    void anyBytesSurvive() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);

            assertArrayEquals(bytes, Strings.encode(decode(bytes)), () -> hex(bytes));
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void onlyTheNamedPartIsDecoded() {
        byte[] bytes = {'a', (byte) 0xff, 'b', 'c'};

        assertEquals("\udcffb", Strings.decode(bytes, 1, 2));
    }

    @Test
    void fileOfAnyBytesIsRead(@TempDir Path directory) throws IOException {
        byte[] bytes = {'a', (byte) 0xff, 'b'};
        Path file = Files.write(directory.resolve("file"), bytes);

        assertArrayEquals(bytes, Strings.encode(Strings.ofFile(file.toString())));
        assertArrayEquals(bytes, Strings.encode(Strings.ofFileIfReadable(file.toString())));
    }

    @Test
    void missingFileIsAFailureOrEmpty(@TempDir Path directory) {
        String missing = directory.resolve("missing").toString();

        Failure failure = assertThrows(Failure.class, () -> Strings.ofFile(missing));

        assertEquals(Failure.Code.HOST, failure.code());
        assertEquals("", Strings.ofFileIfReadable(missing));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 50_000})
    void filesOfAnySizeAreReadWhole(int size, @TempDir Path directory) throws IOException {
        String text = "ab".repeat(size / 2) + "c".repeat(size % 2);
        Path file = Files.writeString(directory.resolve("file"), text);

        assertEquals(text, Strings.ofFile(file.toString()));
    }
}
