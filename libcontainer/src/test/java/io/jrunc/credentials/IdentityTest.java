// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.testkit.RecordingKernel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityTest {
    private final RecordingKernel kernel = new RecordingKernel();

    @Test
    void groupsAreSetBeforeTheUser() {
        new Identity(1000, 100, Optional.of(List.of(4L, 24L))).become(kernel);

        assertEquals(
                List.of(
                        "setgroups(2, [4, 24])",
                        "setresgid(100, 100, 100)",
                        "setresuid(1000, 1000, 1000)"),
                kernel.calls());
    }

    @Test
    void groupsOfTheCallerGoEvenIfNoneAreWanted() {
        new Identity(0, 0, Optional.of(List.of())).become(kernel);

        assertEquals("setgroups(0, [])", kernel.calls().get(0));
    }

    @Test
    void assumedIdentityIsEffectiveOnlyAndCanBeGivenBack() {
        Identity identity = new Identity(1000, 100, Optional.of(List.of()));
        identity.assume(kernel);
        identity.resume(kernel);

        assertEquals(
                List.of(
                        "setgroups(0, [])",
                        "setresgid(-1, 100, -1)",
                        "setresuid(-1, 1000, -1)",
                        "setresuid(-1, 0, -1)",
                        "setresgid(-1, 0, -1)"),
                kernel.calls());
    }

    @Test
    void whereGroupsAreDeniedNoneAreNeeded() {
        kernel.fail("setgroups", Errno.EPERM);

        new Identity(0, 0, Optional.of(List.of())).become(kernel);

        assertEquals(3, kernel.calls().size());
    }

    @Test
    void whereGroupsAreDeniedThoseThatAreWantedAreAFailure() {
        kernel.fail("setgroups", Errno.EPERM);
        Identity identity = new Identity(0, 0, Optional.of(List.of(5L)));

        Failure failure = assertThrows(Failure.class, () -> identity.become(kernel));

        assertEquals(
                "setgroups [5]: EPERM (only root may choose its additional groups)",
                failure.getMessage());
    }

    @Test
    void idWithoutAMappingIsReportedAsSuch() {
        kernel.fail("setresuid", Errno.EINVAL);
        Identity identity = new Identity(77, 0, Optional.of(List.of()));

        Failure failure = assertThrows(Failure.class, () -> identity.become(kernel));

        assertEquals(
                "setresuid uid 77: EINVAL (this id has no mapping in the user namespace)",
                failure.getMessage());
    }

    @Test
    void highestIdsAreUnsigned() {
        new Identity(4294967294L, 4294967294L, Optional.of(List.of(4294967294L))).become(kernel);

        assertEquals("setresuid(4294967294, 4294967294, 4294967294)", kernel.calls().get(2));
    }
}
