// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.validate;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sections for other platforms. Source: runtime-spec config.md#platform-specific-configuration. */
@Requires(ROOT)
class ForeignSectionsIT {
    private static Bundle foreign() {
        return Bundle.busybox()
                .json("/windows", "{\"layerFolders\": [\"C:\\\\layer\"], \"network\": {}}")
                .json("/solaris", "{\"milestone\": \"svc:/milestone/container:default\"}")
                .json("/zos", "{\"namespaces\": [{\"type\": \"pid\"}]}")
                .json(
                        "/vm",
                        "{\"kernel\": {\"path\": \"/vmlinuz\"}, \"image\": {\"path\": \"/i\"}}")
                .json("/freebsd", "{\"jail\": {}}")
                .args("echo", "ran");
    }

    @Test
    @Shows({"windows", "solaris", "zos", "vm", "freebsd"})
    void sectionsForOtherPlatformsChangeNothing() {
        Result run = foreign().invoke("run", Sandbox.current().freshId()).run();

        assertEquals("ran", run.output());
        assertFalse(run.stderr().contains("windows"), run::describe);
    }

    @Test
    @Requires(JRUNC)
    void oneLineOfTheDebugLogNamesThem() {
        Result run = foreign().invoke("--debug", "run", Sandbox.current().freshId()).run();

        List<String> lines =
                run.stderr().lines().filter(line -> line.contains("other platforms")).toList();
        assertEquals(1, lines.size(), run::describe);
        assertEquals(
                "msg=\"solaris, windows, vm, zos, freebsd: for other platforms than Linux,"
                        + " ignoring\"",
                lines.get(0).substring(lines.get(0).indexOf("msg=")));
    }
}
