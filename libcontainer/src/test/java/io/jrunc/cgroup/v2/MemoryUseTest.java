// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.testkit.FakeCgroup;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryUseTest {
    @TempDir Path directory;

    private void check(FakeCgroup cgroup, String limits) {
        cgroup.written(
                (dir, r) -> MemoryUse.refuseBelow(dir, r.memory()), "{\"memory\": " + limits + "}");
    }

    private void refused(String field, String limits) {
        FakeCgroup cgroup = new FakeCgroup(directory).with("memory.current", "5000\n");
        Failure failure = assertThrows(Failure.class, () -> check(cgroup, limits));
        assertEquals(
                "linux.resources.memory."
                        + field
                        + ": 5000 is not above the 5000 bytes that are in use; write more, or leave"
                        + " out checkBeforeUpdate",
                failure.getMessage());
    }

    @Test
    void whatIsInUseMustFit() {
        refused("limit", "{\"limit\": 5000}");
        refused("swap", "{\"limit\": -1, \"swap\": 5000}");
    }

    @Test
    void ignoresUnknownAndMatchingValues() {
        check(new FakeCgroup(directory), "{\"limit\": 1}");
        FakeCgroup used = new FakeCgroup(directory).with("memory.current", "5000\n");
        check(used, "{\"limit\": 5001, \"swap\": -1}");
        check(used, "{}");
    }
}
