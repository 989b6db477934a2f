// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The text of a record: {@code name=value} and blanks. A value from outside is in quotes, or, if it
 * could end them or forge a field, in hexadecimal digits. Source: audit_encode_nv_string(3).
 */
final class AuditFields {
    private static final int LAST_PRINTABLE = 0x7e;
    private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

    private final StringBuilder text = new StringBuilder();

    /** Adds a word of ours, or a number. */
    AuditFields word(String name, Object value) {
        text.append(text.length() == 0 ? "" : " ").append(name).append('=').append(value);
        return this;
    }

    /** Adds a value from outside. */
    AuditFields untrusted(String name, String value) {
        return word(name, encoded(value));
    }

    /** Adds all of {@code others}. */
    AuditFields all(AuditFields others) {
        text.append(text.length() == 0 || others.text.length() == 0 ? "" : " ");
        text.append(others.text);
        return this;
    }

    private static String encoded(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            // An apostrophe ends the message in which the kernel wraps this.
            if (b <= ' ' || b > LAST_PRINTABLE || b == '"' || b == '\'') {
                return DIGITS.formatHex(bytes);
            }
        }
        return '"' + value + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
