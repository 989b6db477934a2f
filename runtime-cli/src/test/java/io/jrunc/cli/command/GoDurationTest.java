// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: Go's package time, ParseDuration and its tests. */
class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "5s, PT5S",
        "+5s, PT5S",
        "-5s, PT-5S",
        "1478s, PT1478S",
        "5.s, PT5S",
        ".5s, PT0.5S",
        "5.6s, PT5.6S",
        "1.004s, PT1.004S",
        "100.00100s, PT100.001S",
        "10ns, PT0.00000001S",
        "11us, PT0.000011S",
        "12µs, PT0.000012S",
        "12μs, PT0.000012S",
        "13ms, PT0.013S",
        "15m, PT15M",
        "16h, PT16H",
        "3h30m, PT3H30M",
        "10.5s4m, PT4M10.5S",
        "-2m3.4s, PT-2M-3.4S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "9223372036854775807ns, PT2562047H47M16.854775807S"
    })
    void durationIsAsGoWritesIt(String text, String expected) {
        assertEquals(Duration.parse(expected), GoDuration.parse("--interval", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "5 s", "1s ", "1.2.3s"})
    void unknownNameIsRefusedByName(String text) {
        Failure failure = assertThrows(Failure.class, () -> GoDuration.parse("--interval", text));

        String begin = "--interval: \"" + text + "\" is no duration";
        assertTrue(failure.getMessage().startsWith(begin), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808ns", "3000000h", "99999999999999999999s"})
    void whatIsTooLongIsRefused(String text) {
        Failure failure = assertThrows(Failure.class, () -> GoDuration.parse("--interval", text));

        assertTrue(failure.getMessage().contains("is too long"), failure.getMessage());
    }

    @Test
    void anyTextIsReadOrRefused() {
        Random random = new Random(7);
        String letters = "0123456789.+-nuµmsh ";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                GoDuration.parse("--interval", text.toString());
            } catch (Failure f) {
                assertEquals(Failure.Code.USAGE, f.code(), text::toString);
            }
        }
    }
}
