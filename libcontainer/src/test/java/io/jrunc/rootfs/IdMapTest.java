// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Mount;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config.md#posix-platform-mounts, crun(1). */
class IdMapTest {
    private static final IdMapping TEN = new IdMapping(0, 1000, 10);
    private static final List<IdMapping> TWO_RANGES =
            List.of(new IdMapping(0, 0, 1), new IdMapping(1, 2, 1000));
    private static final IdMap CONTAINER = new IdMap(TWO_RANGES, TWO_RANGES, false);

    private static Optional<IdMap> of(List<IdMapping> maps, String... options) {
        Mount mount =
                new Mount(
                        "/data",
                        Optional.empty(),
                        Optional.of("/src"),
                        List.of(options),
                        maps,
                        maps);
        return IdMap.of("mounts[1]", mount, CONTAINER);
    }

    @Test
    void nothingIsMappedUnlessAskedFor() {
        assertTrue(of(List.of(), "bind", "ro").isEmpty());
        assertEquals(List.of(), of(List.of(), "bind", "idmap").orElseThrow().uids());
        assertEquals(List.of(TEN), of(List.of(TEN), "bind").orElseThrow().gids());
    }

    @Test
    void onlyRidmapIsRecursive() {
        assertFalse(of(List.of(TEN), "rbind").orElseThrow().recursive());
        assertFalse(of(List.of(TEN), "rbind", "idmap").orElseThrow().recursive());
        assertTrue(of(List.of(TEN), "rbind", "ridmap").orElseThrow().recursive());
    }

    @Test
    void mapsMayStandBehindTheOption() {
        IdMap map = of(List.of(), "idmap=uids=0-1-10#10-11-10;gids=0-100-10").orElseThrow();

        assertEquals(List.of(new IdMapping(0, 1, 10), new IdMapping(10, 11, 10)), map.uids());
        assertEquals(List.of(new IdMapping(0, 100, 10)), map.gids());
    }

    /** The example of crun(1). */
    @Test
    void relativeIdsAreThoseOfTheContainer() {
        IdMap map = of(List.of(), "idmap=uids=@1-3-10;gids=@0-0-1").orElseThrow();

        assertEquals(List.of(new IdMapping(1, 4, 10)), map.uids());
        assertEquals(List.of(new IdMapping(0, 0, 1)), map.gids());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idmap=",
                "idmap=uids=0-1-1",
                "idmap=uids=0-1-1;gids=",
                "idmap=uids=0-1-1;gids=0-1",
                "idmap=uids=0-1-1;gids=0-x-1",
                "idmap=uids=0-1-1;gids=@0-5000-1",
                "ridmap=uids=0-1-1,gids=0-1-1"
            })
    void whatMeansNothingIsRefused(String option) {
        Failure failure = assertThrows(Failure.class, () -> of(List.of(), option));

        assertEquals("mounts[1].options", failure.path());
        assertTrue(failure.getMessage().contains('"' + option + '"'), failure.getMessage());
    }
}
