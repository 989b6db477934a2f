// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources: kernel documentation, cgroup-v1/freezer-subsystem and cgroup-v2. */
class FreezerTest {
    private final Kernel kernel = LocalKernel.get();

    @TempDir Path directory;

    private boolean isFrozen(String state, String self) throws IOException {
        Files.writeString(directory.resolve("freezer.state"), state + "\n");
        Files.writeString(directory.resolve("freezer.self_freezing"), self + "\n");
        return new Freezer(kernel, Map.of("freezer", directory.toString())).isFrozen();
    }

    @Test
    void containerFrozenFromAboveIsNotPaused() throws IOException {
        assertTrue(isFrozen("FROZEN", "1"));
        assertFalse(isFrozen("FROZEN", "0"));
        assertFalse(isFrozen("FREEZING", "1"));
        assertFalse(isFrozen("THAWED", "0"));
    }

    private boolean stopsJoining(boolean v2, String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);
        try (CgroupDir dir = CgroupDir.open(kernel, directory.toString())) {
            return Freezer.stopsJoining(dir, v2);
        }
    }

    @Test
    void joiningAnyFrozenCgroupStops() throws IOException {
        assertTrue(stopsJoining(false, "freezer.state", "FROZEN\n"));
        assertTrue(stopsJoining(false, "freezer.state", "FREEZING\n"));
        assertFalse(stopsJoining(false, "freezer.state", "THAWED\n"));
        assertTrue(stopsJoining(true, "cgroup.events", "populated 0\nfrozen 1\n"));
        assertFalse(stopsJoining(true, "cgroup.events", "populated 1\nfrozen 0\n"));
    }

    @Test
    void thawingDoesNotChangeRunningProcesses() throws IOException {
        assertFalse(isFrozen("THAWED", "0"));
        new Freezer(kernel, Map.of("freezer", directory.toString())).thaw();

        assertEquals("THAWED\n", Files.readString(directory.resolve("freezer.state")));
    }
}
