// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines of {@code /proc/PID/status} make two processes differ. */
class CallerContextTest {
    private static final String ROOT = "0\t0\t0\t0";

    private static List<String> rights(String gids, String groups) {
        String before = "Name:\tjrunc\nUid:\t0\t0\t0\t0\nGid:\t" + gids;
        return CallerContext.rights(before + "\nGroups:\t" + groups + "\nCapEff:\t1ff\n");
    }

    @Test
    void keepsIdsAndRightsAlone() {
        assertEquals(
                List.of("Uid:\t0\t0\t0\t0", "Gid:\t0\t0\t0\t0", "Groups: 4 27", "CapEff:\t1ff"),
                rights(ROOT, "4 27 "));
    }

    /** A service of systemd has no supplementary groups; a login of root has group 0. */
    @Test
    void ownGroupMakesNoDifference() {
        assertEquals(rights(ROOT, " "), rights(ROOT, "0 "));
        assertEquals(rights(ROOT, "4 27 "), rights(ROOT, "0 4 27 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4 ", "0 4 ", "10 "})
    void anotherGroupDoes(String groups) {
        assertNotEquals(rights(ROOT, " "), rights(ROOT, groups));
    }

    /** One of several own groups may be given up, and the supplementary one stays. */
    @ParameterizedTest
    @ValueSource(strings = {"4\t0\t0\t0", "0\t4\t4\t4", "0\t0\t0\t4"})
    void noGroupIsTheOwnOneIfTheyDiffer(String gids) {
        assertNotEquals(rights(gids, " "), rights(gids, "0 "));
        assertNotEquals(rights(gids, " "), rights(gids, "4 "));
    }
}
