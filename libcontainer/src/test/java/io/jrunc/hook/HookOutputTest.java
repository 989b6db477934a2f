// SPDX-License-Identifier: Apache-2.0
package io.jrunc.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.testkit.RecordingKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HookOutputTest {
    private static final Map<String, String> STDOUT =
            Map.of(CrunAnnotations.HOOKS_STDOUT, "/var/log/hooks");

    private final RecordingKernel kernel = new RecordingKernel();

    @Test
    void opensOnlyWhatAnAnnotationNames() {
        try (HookOutput output = HookOutput.of(STDOUT, annotation -> true, kernel)) {
            assertTrue(output.out().orElseThrow().isOpen());
            assertEquals(Optional.empty(), output.err());
        }
    }

    @Test
    void annotationThatTheCallerDoesNotAllowOpensNothing() {
        assertEquals(
                new HookOutput(Optional.empty(), Optional.empty()),
                HookOutput.of(STDOUT, annotation -> false, kernel));
        assertEquals(List.of(), kernel.calls());
    }

    /** Without an error, the hook's output would be dropped. */
    @Test
    void missingRoomForADescriptorIsAnError() {
        kernel.withoutRoom();

        Failure failure =
                assertThrows(
                        Failure.class, () -> HookOutput.of(STDOUT, annotation -> true, kernel));

        assertEquals(Optional.of(Errno.EMFILE), failure.errno());
        assertTrue(failure.getMessage().contains(CrunAnnotations.HOOKS_STDOUT), failure::toString);
    }
}
