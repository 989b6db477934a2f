// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings of the kernel, which are bytes, as Java has them: UTF-8, and each byte that is not part
 * of such as a lone surrogate from U+DC80 on, so that no two names become one. Python does the same
 * (PEP 383).
 */
public final class Strings {
    private static final int USUAL_BYTES = 8192;
    private static final int ESCAPED = 0xdc00;
    private static final int FIRST = 0xdc80;
    private static final int LAST = 0xdcff;
    private static final char REPLACEMENT = '\ufffd';

    private Strings() {}

    /** Returns what a file of this host holds, such as one in /proc; it is short. */
    public static String ofFile(String path) {
        try {
            return read(path);
        } catch (IOException e) {
            throw Failure.of(Failure.Code.HOST, "read " + e.getMessage(), e);
        }
    }

    /** As {@link #ofFile}; empty if the file is missing or may not be read. */
    public static String ofFileIfReadable(String path) {
        try {
            return read(path);
        } catch (IOException e) {
            return "";
        }
    }

    private static String read(String path) throws IOException {
        try (FileInputStream in = new FileInputStream(path)) {
            // readAllBytes() asks for size and position first, which a file in /proc has not.
            byte[] bytes = new byte[USUAL_BYTES];
            int length = 0;
            for (int n = in.read(bytes); n > 0; n = in.read(bytes, length, bytes.length - length)) {
                length += n;
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
            return decode(bytes, 0, length);
        }
    }

    /** Returns the bytes from {@code start} on, as text. */
    public static String decode(byte[] bytes, int start, int length) {
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeOddly(bytes, start, start + length);
    }

    /** Returns the bytes that {@link #decode} made the text of. */
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                return encodeOddly(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isEscaped(String text, int at) {
        char c = text.charAt(at);
        return c >= FIRST
                && c <= LAST
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static byte[] encodeOddly(String text) {
        byte[] bytes = new byte[3 * text.length()];
        int length = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && !isEscaped(text, i)) {
                continue;
            }
            byte[] plain = text.substring(start, i).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(plain, 0, bytes, length, plain.length);
            length += plain.length;
            if (i < text.length()) {
                bytes[length++] = (byte) (text.charAt(i) - ESCAPED);
            }
            start = i + 1;
        }
        byte[] encoded = new byte[length];
        System.arraycopy(bytes, 0, encoded, 0, length);
        return encoded;
    }

    private static String decodeOddly(byte[] bytes, int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        int at = start;
        while (at < end) {
            int length = Math.min(sequenceLength(bytes[at]), end - at);
            String character = new String(bytes, at, length, StandardCharsets.UTF_8);
            boolean isReplaced = character.indexOf(REPLACEMENT) >= 0;
            if (isReplaced && !isReplacement(bytes, at, length)) {
                text.append((char) (ESCAPED + (bytes[at] & 0xff)));
                at++;
            } else {
                text.append(character);
                at += length;
            }
        }
        return text.toString();
    }

    private static int sequenceLength(byte first) {
        int bits = first & 0xff;
        return bits < 0xc0 ? 1 : bits < 0xe0 ? 2 : bits < 0xf0 ? 3 : 4;
    }

    /** U+FFFD itself may be in a name. */
    private static boolean isReplacement(byte[] bytes, int at, int length) {
        return length == 3
                && bytes[at] == (byte) 0xef
                && bytes[at + 1] == (byte) 0xbf
                && bytes[at + 2] == (byte) 0xbd;
    }
}
