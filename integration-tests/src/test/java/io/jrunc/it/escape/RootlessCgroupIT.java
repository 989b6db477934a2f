// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static io.jrunc.it.harness.Feature.UNIFIED_CGROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A user's container in the user's own cgroup namespace: what the user may write of the cgroups,
 * the container's root may, too, if it sees them. It has a cgroup of the user's to try.
 */
@Requires({ROOT, JRUNC, SETPRIV, UNIFIED_CGROUP})
@Escape("CVE-2023-25809")
class RootlessCgroupIT {
    private Path delegated;

    @BeforeEach
    void makeACgroupOfTheUsers() throws IOException {
        Path hierarchy = Host.unifiedCgroup().orElseThrow();
        delegated = Files.createDirectory(hierarchy.resolve(Sandbox.current().token() + "-own"));
        Sandbox.current().command("chown", "-R", "65534", delegated.toString()).run().output();
    }

    @AfterEach
    void removeIt() throws IOException {
        Files.deleteIfExists(delegated.resolve("made"));
        Files.delete(delegated);
    }

    @Test
    void containerWithoutACgroupOfItsOwnWritesNone() {
        var user = OrdinaryUser.nobody();
        user.config().withObject("/linux").putArray("namespaces");
        for (String type : new String[] {"pid", "ipc", "uts", "mount", "user"}) {
            user.config().withArray("/linux/namespaces").addObject().put("type", type);
        }

        Result run =
                user.program(
                                "sh",
                                "-c",
                                "find /sys/fs/cgroup -type d 2>/dev/null | while read d; do"
                                        + " mkdir $d/made 2>/dev/null && echo made $d;"
                                        + " echo 0 2>/dev/null >$d/cgroup.procs && echo joined $d;"
                                        + " done; ls -d /sys/fs/cgroup; echo tried")
                        .run();

        assertEquals("/sys/fs/cgroup\ntried", run.output(), run::describe);
        assertTrue(Files.notExists(delegated.resolve("made")));
    }
}
