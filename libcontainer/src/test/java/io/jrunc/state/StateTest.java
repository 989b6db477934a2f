// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Hosts;
import io.jrunc.linux.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateTest {
    private static final String COMPLETE =
            """
            {
              "ociVersion": "1.3.0",
              "id": "web1",
              "init_process_pid": 4242,
              "init_process_start": 99887766,
              "created": "2026-01-02T03:04:05.678901234Z",
              "bundle": "/bundles/web \\"quoted\\"",
              "rootfs": "/bundles/web/rootfs",
              "annotations": {"a": "1", "ü": "\\u0001\\n"},
              "cgroup_paths": {"memory": "/sys/fs/cgroup/memory/web1", "": "/sys/fs/cgroup/x"},
              "intel_rdt_path": "/sys/fs/resctrl/web1",
              "intel_rdt_mon_path": "/sys/fs/resctrl/web1/mon_groups/web1",
              "intel_rdt_mount_point": "/sys/fs/resctrl",
              "intel_rdt_own": true,
              "private_pids": true,
              "keyring": "_ses.web1.0123",
              "home": "/home/web",
              "hooks": true,
              "listener": true
            }
            """;

    private static State parse(String json) {
        return State.fromJson(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyFieldSurvives() {
        State state = parse(COMPLETE);

        assertEquals("web1", state.id());
        assertEquals(4242, state.initPid());
        assertEquals(99887766, state.initStart());
        assertEquals("2026-01-02T03:04:05.678901234Z", state.created());
        assertEquals("/bundles/web \"quoted\"", state.bundle());
        assertEquals("/bundles/web/rootfs", state.rootfs());
        assertEquals(Map.of("a", "1", "ü", "\u0001\n"), state.annotations());
        assertEquals(
                List.of("/sys/fs/cgroup/memory/web1", "/sys/fs/cgroup/x"),
                state.cgroupDirectories());
        assertTrue(state.privatePids());
        assertEquals(
                List.of("/sys/fs/resctrl/web1/mon_groups/web1", "/sys/fs/resctrl/web1"),
                state.resctrl().orElseThrow().removals());
        assertTrue(state.listener());
        assertEquals("_ses.web1.0123", state.keyring());
        assertEquals("/home/web", state.home());

        assertEquals(state, State.fromJson(state.toJson()));
        assertArrayEquals(state.toJson(), State.fromJson(state.toJson()).toJson());
    }

    @Test
    void containerThatIsBeingMadeHasNoInit() {
        State state = Hosts.state();

        assertEquals(0, state.initPid());
        assertFalse(state.privatePids());
        assertEquals(state, State.fromJson(state.toJson()));
    }

    @Test
    void initIsAddedAndTheRestKept() {
        State before = parse(COMPLETE);
        State after = before.withInit(new InitProcess(7, 8, 9), "/");

        assertEquals(7, after.initPid());
        assertEquals(8, after.initStart());
        assertEquals(9, after.initInode());
        assertEquals(after, State.fromJson(after.toJson()));
        assertEquals(before, after.withInit(before.init(), "/home/web"));
    }

    /** Containers of a version that did not remember the name have the one that runc gives. */
    @Test
    void keyringOfAnOlderVersionIsFound() {
        assertEquals("_ses.web1", Hosts.state().keyring());
    }

    @Test
    void fileThatIsDamagedIsNamed() {
        Failure failure = assertThrows(Failure.class, () -> parse("{\"id\": "));

        assertTrue(failure.getMessage().startsWith("state.json"), failure.getMessage());
    }
}
