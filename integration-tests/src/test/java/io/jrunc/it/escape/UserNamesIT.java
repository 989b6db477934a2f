// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of a user that the image's passwd(5) or the parser could turn into root. */
@Requires(ROOT)
class UserNamesIT {
    private static final String PASSWD =
            "1000:x:0:0:root by number:/root:/bin/sh\napp:x:0:0:root by name:/root:/bin/sh\n";

    private Container container;

    @BeforeEach
    void startAContainer() {
        var bundle = Bundle.busybox().user(7, 7).file("/etc/passwd", PASSWD);
        container = bundle.file("/etc/group", "1000:x:0:\napp:x:0:\n").start("sleep", "60");
    }

    @Test
    @Escape("CVE-2016-3697")
    void numberIsAnIdRegardlessOfTheImage() {
        assertEquals("1000 1000", exec("1000:1000").output());
        assertEquals("1000 7", exec("1000").output());
    }

    @Test
    @Escape("CVE-2016-3697")
    void idsOfTheConfigAreThoseOfTheProgram() {
        var bundle = Bundle.busybox().file("/etc/passwd", PASSWD).user(1000, 1000);

        assertEquals("1000 1000", bundle.sh("echo $(id -u) $(id -g)").output());
    }

    @ParameterizedTest
    @Requires({ROOT, JRUNC}) // runc takes an empty user for none
    @Escape({"CVE-2016-3697", "CVE-2026-30892"})
    @ValueSource(
            strings = {
                "root",
                "app",
                "",
                "1000x",
                "0x3e8",
                ":5",
                "5:",
                "5:x",
                ":",
                "-1",
                "+1",
                " 1",
                "1 ",
                "4294967295",
                "4294967296",
                "18446744073709551616",
                "1:4294967296",
                "1:2:3",
                "1e3"
            })
    void invalidIdIsRefused(String user) {
        Result exec = exec(user);

        assertNotEquals(0, exec.status(), exec::describe);
        assertEquals("", exec.stdout(), exec::describe);
        assertTrue(exec.stderr().contains("--user"), exec::describe);
    }

    private Result exec(String user) {
        return container.exec("--user", user, "sh", "-c", "echo $(id -u) $(id -g)");
    }
}
