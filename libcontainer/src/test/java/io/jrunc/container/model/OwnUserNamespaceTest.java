// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.host.SubordinateIds;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnUserNamespaceTest {
    /** Triples of containerID, hostID and size. */
    @ParameterizedTest
    @CsvSource({
        "0, 0 1000 1; 1 100000 10",
        "3, 3 1000 1; 0 100000 3; 4 100003 7",
        "10, 10 1000 1; 0 100000 10",
        "99, 99 1000 1; 0 100000 10",
    })
    void idOfTheProcessIsTheUsersAndTheRestIsGranted(long id, String expected) {
        Optional<SubordinateIds> ten = Optional.of(new SubordinateIds(100_000, 10));

        assertEquals(expected, triples(OwnUserNamespace.mappings(id, 1000, ten)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 1000 1", "7, 7 1000 1"})
    void withoutGrantsThereIsOneId(long id, String expected) {
        assertEquals(expected, triples(OwnUserNamespace.mappings(id, 1000, Optional.empty())));
    }

    private static String triples(String json) {
        return json.replaceAll("[^0-9,}]", "")
                .replace("},", "; ")
                .replaceAll("[}]", "")
                .replaceAll(",", " ");
    }
}
