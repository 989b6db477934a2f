// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Container;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Renames anywhere on the host make the kernel give up at ".." when it keeps to a root: a neighbour
 * that renames in a loop must not keep others from running.
 */
@Requires({ROOT, JRUNC})
@Escape("renamed-path")
class RenamedPathIT {
    private static final int EXECS = 40;

    /** With so many that the kernel never gets through, the path is walked by us. */
    @ParameterizedTest
    @ValueSource(ints = {2, 300})
    void renamesDoNotKeepExecFromRunning(int parents) {
        String link = "../shared/d/../../etc/" + "../etc/".repeat(parents) + "real";
        var bundle = Bundle.busybox().file("/etc/real", "root:x:0:0::/root:/bin/sh\n");
        bundle.directory("/shared/d").directory("/shared/e").link("/etc/passwd", link);
        bundle.args("sleep", "60");
        try (var library = new Library();
                Container container = library.make(bundle)) {
            try (var swapper = new Swapper(bundle.inside("/shared"), "d", "e")) {
                var process = library.process(bundle.args("true"));
                for (int i = 0; i < EXECS; i++) {
                    library.exec(container, process);
                }
                assertTrue(swapper.count() > 0);
            } finally {
                container.delete(true, warning -> {});
            }
        }
    }
}
