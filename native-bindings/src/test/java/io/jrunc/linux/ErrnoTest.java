// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void everyNumberIsFoundAgain() {
        Set<Integer> numbers = new HashSet<>();
        for (Errno errno : Errno.values()) {
            if (errno != Errno.UNKNOWN) {
                assertEquals(errno, Errno.of(errno.number()));
                numbers.add(errno.number());
            }
        }
        assertEquals(Errno.values().length - 1, numbers.size());
    }

    @Test
    void unassignedNumbersAreUnknown() {
        for (int number : new int[] {0, -1, 41, 58, 133, 255, 256, 4095, Integer.MAX_VALUE}) {
            assertEquals(Errno.UNKNOWN, Errno.of(number));
        }
    }

    @Test
    void descriptionsFitIntoASentence() {
        for (Errno errno : Errno.values()) {
            String description = errno.description();
            assertFalse(description.isEmpty(), errno.name());
            assertFalse(description.endsWith("."), description);
            char first = description.charAt(0);
            boolean shouting = description.toUpperCase(Locale.ROOT).startsWith("RFS");
            assertEquals(shouting, Character.isUpperCase(first), description);
        }
    }
}
