// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import org.junit.jupiter.api.Test;

class SetupContextTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    @Test
    void missingRoomForADescriptorOfInitIsAnError() {
        kernel.withoutRoom();
        try (Fd tree = Fd.of(kernel, 7, "/data")) {
            Failure failure = assertThrows(Failure.class, () -> context.export(tree));

            assertEquals(
                    "recvmsg /data: EMFILE (RLIMIT_NOFILE is too small)", failure.getMessage());
        }
    }
}
