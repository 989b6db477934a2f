// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Source: signal(7). */
class SignalsTest {
    private static final String TABLE =
            """
            HUP 1
            INT 2
            QUIT 3
            ILL 4
            TRAP 5
            ABRT 6
            BUS 7
            FPE 8
            KILL 9
            USR1 10
            SEGV 11
            USR2 12
            PIPE 13
            ALRM 14
            TERM 15
            STKFLT 16
            CHLD 17
            CONT 18
            STOP 19
            TSTP 20
            TTIN 21
            TTOU 22
            URG 23
            XCPU 24
            XFSZ 25
            VTALRM 26
            PROF 27
            WINCH 28
            IO 29
            PWR 30
            SYS 31
            """;

    @Test
    void namesAreThoseOfTheManualInAnyCaseWithOrWithoutPrefix() {
        for (String line : TABLE.lines().toList()) {
            String[] words = line.split(" ", -1);
            int number = Integer.parseInt(words[1]);

            assertEquals(number, Signals.parse(words[0]), line);
            assertEquals(number, Signals.parse("SIG" + words[0]), line);
            assertEquals(
                    number, Signals.parse("sig" + words[0].toLowerCase(java.util.Locale.ROOT)));
            assertEquals(number, Signals.parse(words[1]), line);
        }
    }

    @Test
    void realTimeSignalsAreCounted() {
        assertEquals(37, Signals.parse("RTMIN+3"));
        assertEquals(64, Signals.parse("SIGRTMIN+30"));
        assertEquals(64, Signals.parse("64"));
        assertEquals(0, Signals.parse("0"));
    }

    @Test
    void invalidSignalIsRefused() {
        for (String word : List.of("", "SIG", "FOO", "65", "-1", "1.5", "RTMIN+31", "9 ", "0x9")) {
            Failure failure = assertThrows(Failure.class, () -> Signals.parse(word), word);

            assertEquals(
                    "unknown signal \"" + word + "\"; write a name as TERM or a number",
                    failure.getMessage());
        }
    }
}
