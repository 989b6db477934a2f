// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
class SeccompFlagsTest {
    private static int bits(Action action, Optional<List<FilterFlag>> flags) {
        return SeccompFlags.of(
                new Seccomp(
                        Action.ALLOW,
                        OptionalInt.empty(),
                        List.of(),
                        flags,
                        Optional.of("/run/listener"),
                        Optional.empty(),
                        List.of(Profiles.rule(action, "read"))));
    }

    @Test
    void absentFieldMeansSpecAllow() {
        assertEquals(1 << 2, bits(Action.ERRNO, Optional.empty()));
    }

    @Test
    void emptyListMeansNone() {
        assertEquals(0, bits(Action.ERRNO, Optional.of(List.of())));
    }

    @Test
    void listedFlagsAreSetAndTsyncDoesNothing() {
        assertEquals(
                1 << 1, bits(Action.ERRNO, Optional.of(List.of(FilterFlag.TSYNC, FilterFlag.LOG))));
    }

    @Test
    void notifyingProfileNeedsAListener() {
        assertEquals(1 << 3 | 1 << 2, bits(Action.NOTIFY, Optional.empty()));
    }

    @Test
    void waitKillableGoesWithAListenerOnly() {
        Optional<List<FilterFlag>> flags = Optional.of(List.of(FilterFlag.WAIT_KILLABLE_RECV));

        assertEquals(0, bits(Action.ERRNO, flags));
        assertEquals(1 << 5 | 1 << 3, bits(Action.NOTIFY, flags));
    }
}
