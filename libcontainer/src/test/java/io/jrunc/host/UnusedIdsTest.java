// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UnusedIdsTest {
    @Test
    void blockIsTheSameEachTimeAndAnotherForAnotherBundle() {
        long web = UnusedIds.startFor("/srv/web", "");

        assertEquals(web, UnusedIds.startFor("/srv/web", ""));
        assertNotEquals(web, UnusedIds.startFor("/srv/db", ""));
    }

    @Test
    void blocksAreWhereSystemdKeepsThemForContainers() {
        for (int i = 0; i < 100_000; i++) {
            long start = UnusedIds.startFor("/bundle/" + i, "");

            assertEquals(0, start % UnusedIds.COUNT);
            assertTrue(start >= 524288 && start + UnusedIds.COUNT - 1 <= 1879048191L);
        }
    }

    @Test
    void idsOfUsersAreLeftOut() {
        long wanted = UnusedIds.startFor("/srv/web", "");
        String taken = "# users\nann:" + (wanted + 65535) + ":1\nbob:x:y\n\n";

        assertEquals(wanted + UnusedIds.COUNT, UnusedIds.startFor("/srv/web", taken));
    }

    @Test
    void allCapabilitiesInUseLeaveNoChoice() {
        String all = "ann:0:4294967295";

        assertEquals(UnusedIds.startFor("/a", ""), UnusedIds.startFor("/a", all));
    }
}
