// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.spec.IntelRdt;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemataTest {
    private static Schemata of(String l3, String bandwidth, String... lines) {
        return Schemata.of(
                new IntelRdt(
                        Optional.empty(),
                        List.of(lines),
                        Optional.ofNullable(l3),
                        Optional.ofNullable(bandwidth),
                        false));
    }

    @Test
    void cacheThenBandwidthThenTheRest() {
        assertEquals(
                "L3:0=f\nMB:0=50\nL2:0=3\nL3:0=7\n",
                of("L3:0=f", "MB:0=50", "L2:0=3", "L3:0=7").text());
    }

    @Test
    void bandwidthAmongTheCacheLinesIsLeftOut() {
        assertEquals(
                "L3CODE:0=f\nL3DATA:0=f\nMB:0=50\n",
                of("L3CODE:0=f\nMB:0=10\nL3DATA:0=f\n", "MB:0=50").text());
    }

    @Test
    void nothingAskedForIsNothing() {
        assertEquals(true, of(null, null).isEmpty());
        assertEquals(false, of(null, null, "MB:0=1").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "L3:0=7f0;1=1f, ''",
        "L3:1=1F, ''",
        "L3: 0=07f0 ; 1=01f, ''",
        "MB:0=50, ''",
        "L3:0=7ff, L3:0=7f0",
        "MB:1=40, MB:1=100",
        "L3:2=f, no L3:2",
        "L2:0=f, no L2:0"
    })
    void requestIsComparedWithWhatThereIs(String line, String difference) {
        Schemata actual = Schemata.parse("    MB:0= 50;1=100\n    L3:0=7f0;1=01f\n");

        assertEquals(difference, of(null, null, line).differenceIn(actual));
    }

    @Test
    void lastLineAboutAnInstanceCounts() {
        Schemata actual = Schemata.parse("L3:0=3\n");

        assertEquals("", of("L3:0=f", null, "L3:0=3").differenceIn(actual));
    }
}
