// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedCommandsTest {
    private static boolean accepts(String line) {
        return ServedCommands.accept(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state c",
                "--root /debug state c",
                "--log /audit-log --log-format json create c",
                "--systemd-cgroup run c",
                "exec c events",
                "exec --debug c true",
                "--version",
                "-v",
            })
    void acceptsFrequentCommands(String line) {
        assertTrue(accepts(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "events c",
                "seccomp record c",
                "explain",
                "serve",
                "nosuch c",
                "--debug run c",
                "-debug run c",
                "--debug=true run c",
                "--audit-log run c",
                "--root /r --audit-log=1 delete c",
            })
    void leavesOtherRequestsToAJvmOfTheirOwn(String line) {
        assertFalse(accepts(line));
    }
}
