// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void whatIsReadableStays() {
        assertEquals("grüße 🐋 “x” \\n", OneLine.of("grüße 🐋 “x” \\n"));
    }

    @Test
    void controlCharactersAreReplaced() {
        assertEquals("a\ufffdb\ufffd[2J\ufffd\ufffd", OneLine.of("a\nb\u001b[2J\u0000\u009b"));
        assertEquals("\ufffdtxt\ufffd\ufffd", OneLine.of("\u202etxt\u2028\u2066"));
    }

    @Test
    void halvesOfCharactersAreReplaced() {
        assertEquals("a\ufffd", OneLine.of("a\ud83d"));
        assertEquals("\ufffda", OneLine.of("\udc0ba"));
    }

    @Test
    void beginningAndEndOfALongTextAreShown() {
        String shown = OneLine.of("begin" + "x".repeat(70_000) + "end");

        assertTrue(shown.length() < 1000);
        assertTrue(shown.startsWith("beginx") && shown.contains("x…x") && shown.endsWith("xend"));
    }

    /** A failure is one line, whatever it is about, and however often it is wrapped. */
    @Test
    void failuresAreOneLine() {
        Failure failure = Failure.syscall("openat", "/a\nb", Errno.ENOENT, "").during("mount \r/x");

        assertEquals("mount \ufffd/x: openat /a\ufffdb: ENOENT", failure.getMessage());
        assertEquals("/a\nb", failure.path());
    }
}
