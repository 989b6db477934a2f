// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerIdTest {
    @Test
    void usualIdsAreAccepted() {
        for (String id : List.of("web", "A-1_b+c.d", "-x", "0", "a".repeat(255))) {
            assertDoesNotThrow(() -> ContainerId.check(id), id);
        }
    }

    @Test
    void othersAreRefused() {
        for (String id :
                List.of("", ".", "..", ".a", "a/b", "a b", "a\0", "a\n", "ä", "a".repeat(256))) {
            Failure failure = assertThrows(Failure.class, () -> ContainerId.check(id), id);
            assertTrue(failure.getMessage().startsWith("invalid container ID format: "));
            assertEquals(Failure.Code.INVALID_ID, failure.code());
        }
    }
}
