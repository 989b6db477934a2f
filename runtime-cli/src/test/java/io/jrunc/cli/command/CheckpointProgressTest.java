// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CheckpointProgressTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    @Test
    void lineSaysPagesMemoryAndTime() {
        assertEquals(
                "512 pages, 2 of about 64 MiB, 3 s",
                CheckpointProgress.line(2 * MIB, 64 * MIB, 3 * SECOND));
    }

    @Test
    void memoryThatIsNotKnownIsLeftOut() {
        assertEquals("0 pages, 0 MiB, 12 s", CheckpointProgress.line(0, 0, 12 * SECOND));
    }
}
