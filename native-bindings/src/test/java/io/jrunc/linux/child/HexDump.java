// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import java.io.ByteArrayOutputStream;

/** Bytes drawn as text: two hexadecimal digits each, and after a {@code |} what they mean. */
final class HexDump {
    private HexDump() {}

    /** The bytes that {@code drawing} shows. */
    static byte[] parse(String drawing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : drawing.lines().toList()) {
            int comment = line.indexOf('|');
            String digits = (comment < 0 ? line : line.substring(0, comment)).replace(" ", "");
            for (int i = 0; i < digits.length(); i += 2) {
                bytes.write(Integer.parseInt(digits.substring(i, i + 2), 16));
            }
        }
        return bytes.toByteArray();
    }

    /** Eight bytes per line, to compare with in a message. */
    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(String.format("%02x", bytes[i])).append(i % 8 == 7 ? '\n' : ' ');
        }
        return text.toString();
    }
}
