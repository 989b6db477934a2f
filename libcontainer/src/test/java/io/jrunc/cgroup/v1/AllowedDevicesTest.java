// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedDevicesTest {
    private static final AllowedDevices NOTHING = AllowedDevices.parse("");

    private static List<DeviceRule> rules(String devices) {
        String json = "{\"devices\": [" + devices + "]}";
        return SpecReader.readResources(json.getBytes(StandardCharsets.UTF_8), "resources")
                .devices();
    }

    private static AllowedDevices after(String devices) {
        return AllowedDevices.of(rules(devices));
    }

    @Test
    void rulesAreWhatTheKernelWouldList() {
        AllowedDevices allowed =
                after(
                        "{\"allow\": false},"
                                + "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 3,"
                                + " \"access\": \"r\"},"
                                + "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 3,"
                                + " \"access\": \"w\"},"
                                + "{\"allow\": true, \"type\": \"b\", \"major\": 8},"
                                + "{\"allow\": false, \"type\": \"b\", \"major\": 8,"
                                + " \"access\": \"m\"}");

        assertEquals(List.of("b 8:* rw", "c 1:3 rw"), allowed.linesWithout(NOTHING));
    }

    @Test
    void onlyTheDifferenceIsWritten() {
        AllowedDevices before = AllowedDevices.parse("c 1:3 rwm\nb 8:* r\n");
        AllowedDevices after = AllowedDevices.parse("c 1:3 r\nc 5:0 rw\n");

        assertEquals(List.of("c 5:0 rw"), after.linesWithout(before));
        assertEquals(List.of("b 8:* r", "c 1:3 wm"), before.linesWithout(after));
    }

    @Test
    void whatTheKernelWouldIgnoreIsRefused() {
        String disks = "{\"allow\": true, \"type\": \"b\", \"major\": 8, \"access\": \"rw\"},";
        String one = "{\"allow\": false, \"type\": \"b\", \"major\": 8, \"minor\": 1, ";

        Failure failure =
                assertThrows(Failure.class, () -> after(disks + one + "\"access\": \"w\"}"));

        assertEquals(
                "linux.resources.devices[1]: denies b 8:1 of \"b 8:*\", and cgroup v1 can only deny"
                        + " what was allowed by itself; allow single devices instead",
                failure.getMessage());
        assertEquals(
                List.of("b 8:* rw"),
                after(disks + one + "\"access\": \"m\"}").linesWithout(NOTHING));
        assertTrue(after("{\"allow\": true}," + one + "\"access\": \"w\"}").isEverything());
    }

    @Test
    void everythingIsOneWord() {
        assertEquals(List.of("a"), after("{\"allow\": true}").linesWithout(NOTHING));
        assertEquals(List.of("a"), AllowedDevices.parse("a *:* rwm").linesWithout(NOTHING));
        assertEquals(
                List.of(), after("{\"allow\": true}, {\"allow\": false}").linesWithout(NOTHING));
    }
}
