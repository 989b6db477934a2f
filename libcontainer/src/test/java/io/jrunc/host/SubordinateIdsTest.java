// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubordinateIdsTest {
    private static final String PASSWD = "root:x:0:0::/:\nann:x:1000:1000::/home/ann:/bin/sh\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann:100000:65536                | 1000 | 100000 | 65536",
                "1000:200000:10                  | 1000 | 200000 | 10",
                "ben:1:2,ann:300000:7,ann:9:9    | 1000 | 300000 | 7",
                "ann:x:7,ann:5:0,ann:400000:8    | 1000 | 400000 | 8",
            })
    void firstRangeOfTheUserIsTaken(String grants, int uid, long first, long count) {
        assertEquals(
                Optional.of(new SubordinateIds(first, count)),
                SubordinateIds.of(grants.replace(',', '\n'), PASSWD, uid));
    }

    @ParameterizedTest
    @CsvSource({"ben:100000:65536, 1000", "ann:100000:65536, 1001", "'', 1000", "ann:1, 1000"})
    void thoseOfOthersAreNot(String grants, int uid) {
        assertEquals(Optional.empty(), SubordinateIds.of(grants, PASSWD, uid));
    }
}
