// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Failure;
import io.jrunc.testkit.RecordingKernel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The VM suite for AppArmor removes a real profile between create and start. */
class PendingProfileTest {
    private static final String LIST = "docker-default (enforce)\njrunc-default (complain)\n";

    @Test
    void findsTheWholeName() {
        assertTrue(PendingProfile.isIn(LIST, "docker-default"));
        assertTrue(PendingProfile.isIn(LIST, "jrunc-default"));
        assertFalse(PendingProfile.isIn(LIST, "default"));
        assertFalse(PendingProfile.isIn(LIST, "docker"));
    }

    @Test
    void refusesAProfileThatIsNotLoadedAnyMore() {
        boolean[] read = {false};
        RecordingKernel kernel =
                new RecordingKernel()
                        .answer(
                                "read(",
                                call -> {
                                    byte[] text = LIST.getBytes(StandardCharsets.UTF_8);
                                    ((Arg.Out) call.args()[1]).buffer().put(text);
                                    int length = read[0] ? 0 : text.length;
                                    read[0] = true;
                                    return length;
                                });

        Failure failure =
                assertThrows(Failure.class, () -> PendingProfile.requireLoaded(kernel, "removed"));

        assertTrue(
                failure.getMessage().contains("\"removed\" was removed after"),
                failure::getMessage);
    }

    @Test
    void asksNothingWithoutAProfile() {
        RecordingKernel kernel = new RecordingKernel();

        PendingProfile.requireLoaded(kernel, "");

        assertEquals(0, kernel.calls().size());
    }
}
