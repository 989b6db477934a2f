// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void allCombinationsOfWhatIsObserved() {
        String table =
                """
                init    frozen  waiting making  = status
                no      no      no      no      = STOPPED
                no      no      no      yes     = CREATING
                no      no      yes     no      = STOPPED
                no      no      yes     yes     = CREATING
                no      yes     no      no      = STOPPED
                no      yes     no      yes     = CREATING
                no      yes     yes     no      = STOPPED
                no      yes     yes     yes     = CREATING
                yes     no      no      no      = RUNNING
                yes     no      no      yes     = RUNNING
                yes     no      yes     no      = CREATED
                yes     no      yes     yes     = CREATED
                yes     yes     no      no      = PAUSED
                yes     yes     no      yes     = PAUSED
                yes     yes     yes     no      = PAUSED
                yes     yes     yes     yes     = PAUSED
                """;
        for (String row : table.lines().skip(1).toList()) {
            String[] words = row.split("[ =]+", -1);
            Status status =
                    Status.observe(
                            words[1].equals("yes"),
                            words[0].equals("yes"),
                            words[2].equals("yes"),
                            words[3].equals("yes"));

            assertEquals(Status.valueOf(words[4]), status, row);
        }
    }

    @Test
    void wordsAreThoseOfTheSpecification() {
        assertEquals("creating", Status.CREATING.word());
        assertEquals("created", Status.CREATED.word());
        assertEquals("running", Status.RUNNING.word());
        assertEquals("paused", Status.PAUSED.word());
        assertEquals("stopped", Status.STOPPED.word());
    }

    @Test
    void aliveIsWhatHasAnInit() {
        for (Status status : Status.values()) {
            boolean dead = status == Status.CREATING || status == Status.STOPPED;
            assertEquals(!dead, status.isAlive(), status.word());
        }
    }
}
