// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonPositionsTest {
    private static final String DOCUMENT =
            """
            {
              "process": {
                "args": ["sh",
                  "-c"],
                "user":
                  {"uid": 0}
              },
              "mounts": [
                {
                  "destination": "/proc"
                },
                {"destination": "/dev",
                 "options": []}
              ],
              "linux": {"sysctl": {
                "net.ipv4.ip_forward": "1"}}
            }
            """;

    private static JsonPositions of(String document) {
        return JsonPositions.of(document.getBytes(StandardCharsets.UTF_8), "config.json");
    }

    @Test
    void memberBeginsWithItsName() {
        JsonPositions positions = of(DOCUMENT);

        assertEquals(1, positions.line(""));
        assertEquals(2, positions.line("process"));
        assertEquals(3, positions.line("process.args"));
        assertEquals(5, positions.line("process.user"));
        assertEquals(6, positions.line("process.user.uid"));
    }

    @Test
    void elementBeginsWithItsValue() {
        JsonPositions positions = of(DOCUMENT);

        assertEquals(3, positions.line("process.args[0]"));
        assertEquals(4, positions.line("process.args[1]"));
        assertEquals(9, positions.line("mounts[0]"));
        assertEquals(12, positions.line("mounts[1]"));
        assertEquals(13, positions.line("mounts[1].options"));
    }

    @Test
    void nameMayHaveDots() {
        assertEquals(16, of(DOCUMENT).line("linux.sysctl.net.ipv4.ip_forward"));
    }

    @Test
    void absentFieldIsWhereItWouldBe() {
        JsonPositions positions = of(DOCUMENT);

        assertEquals(9, positions.line("mounts[0].options"));
        assertEquals(15, positions.line("linux.seccomp.syscalls[3].names"));
        assertEquals(1, positions.line("hostname"));
        assertEquals(8, positions.line("mounts[7]"));
        assertFalse(positions.has("linux.seccomp"));
        assertTrue(positions.has("linux.sysctl"));
    }

    @Test
    void valuesBelowAFieldAreFoundAndNoOthers() {
        assertEquals(
                Map.of("process.args[0]", "sh", "process.args[1]", "-c"),
                of(DOCUMENT).below("process.args"));
        assertEquals(Map.of(), of(DOCUMENT).below("proc"));
    }
}
