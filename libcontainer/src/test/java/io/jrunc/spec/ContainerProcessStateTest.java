// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#containerprocessstate. */
class ContainerProcessStateTest {
    private static final OciState STATE =
            new OciState("web", 42, "creating", "/b", "/b/rootfs", "", Map.of("k", "v"), "");

    @Test
    void listenerReceivesTheProcessAndItsContainer() {
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":42,"
                        + "\"metadata\":\"MKNOD=/dev/null\","
                        + "\"state\":{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"creating\","
                        + "\"pid\":42,\"bundle\":\"/b\",\"annotations\":{\"k\":\"v\"}}}",
                new ContainerProcessState(Optional.of("MKNOD=/dev/null"), STATE.pid(), STATE)
                        .compact());
    }

    @Test
    void absentMetadataIsLeftOut() {
        assertEquals(
                -1,
                new ContainerProcessState(Optional.empty(), STATE.pid(), STATE)
                        .compact()
                        .indexOf("metadata"));
    }
}
