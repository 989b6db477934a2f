// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source: runtime-spec config.md#mounts: the type of a bind mount is a dummy, or absent. */
class MountTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            textBlock =
                    """
                    absent | bind    | true  | false
                    none   | bind    | true  | false
                    tmpfs  | rbind   | true  | true
                    bind   | ro      | true  | false
                    tmpfs  | ro      | false | false
                    absent | nosuid  | false | false
                    """,
            delimiter = '|')
    void bindMountIsReportedByOptionOrType(
            String type, String option, boolean bind, boolean recursive) {
        Mount mount =
                new Mount(
                        "/data",
                        Optional.ofNullable(type),
                        Optional.of("/srv"),
                        List.of(option),
                        List.of(),
                        List.of());

        assertEquals(bind, mount.isBind());
        assertEquals(recursive, mount.isRecursiveBind());
    }
}
