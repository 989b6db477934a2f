// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OciStateTest {
    private static final String CREATED = "2026-01-02T03:04:05.678901234Z";

    @Test
    void prettyIsThatOfRunc() {
        assertEquals(
                """
                {
                  "ociVersion": "1.3.0",
                  "id": "web",
                  "pid": 42,
                  "status": "running",
                  "bundle": "/b",
                  "rootfs": "/b/rootfs",
                  "created": "2026-01-02T03:04:05.678901234Z",
                  "annotations": {
                    "k": "v"
                  },
                  "owner": ""
                }\
                """,
                state(42, "running", Map.of("k", "v")).pretty());
    }

    @Test
    void emptyAnnotationsAreLeftOut() {
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"pid\":0,\"status\":\"stopped\","
                        + "\"bundle\":\"/b\","
                        + "\"rootfs\":\"/b/rootfs\",\"created\":\"2026-01-02T03:04:05.678901234Z\","
                        + "\"owner\":\"\"}",
                state(0, "stopped", Map.of()).compact());
    }

    @Test
    void hooksGetWhatTheSpecificationNames() {
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"creating\",\"pid\":42,"
                        + "\"bundle\":\"/b\","
                        + "\"annotations\":{\"k\":\"v\"}}",
                state(42, "creating", Map.of("k", "v")).forHooks());
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"stopped\","
                        + "\"bundle\":\"/b\"}",
                state(0, "stopped", Map.of()).forHooks());
    }

    private static OciState state(int pid, String status, Map<String, String> annotations) {
        return new OciState("web", pid, status, "/b", "/b/rootfs", CREATED, annotations, "");
    }
}
