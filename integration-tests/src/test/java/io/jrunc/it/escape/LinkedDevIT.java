// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image whose {@code /dev}, or a part of it, is a link: its devices are made on the host. */
@Requires({ROOT, JRUNC}) // runc 1.1 writes to the host here
@Escape({"CVE-2026-41579", "CVE-2026-47766"})
class LinkedDevIT {
    private Victim victim;

    @BeforeEach
    void makeVictim() {
        victim = new Victim();
    }

    @AfterEach
    void unmountVictim() {
        victim.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/dev", "/dev/sub", "/dev/null", "/dev/ptmx", "/dev/fd", "/dev/console"})
    void whatIsMadeInDevStaysInside(String place) {
        for (String out : ways()) {
            var bundle = withItsOwnDev().link(place, out);
            bundle.json("/linux/devices", "[{\"path\": \"/dev/sub/made/pipe\", \"type\": \"p\"}]");

            Result run = bundle.run("true");
            Result terminal = bundle.set("/process/terminal", true).run("true");

            victim.assertUntouched();
            // Refused or made inside: both will do, but a reason there must be.
            assertEquals(run.status() != 0, !run.stderr().isEmpty(), run::describe);
            assertEquals(1, terminal.status(), terminal::describe); // no devpts
        }
    }

    /**
     * Targets from the host's root, and relative to the link, for a runtime that leaves the root.
     */
    private List<String> ways() {
        String up = "../".repeat(Sandbox.current().directory().getNameCount() + 5);
        return List.of(
                victim.directory().toString(),
                victim.directory() + "/point",
                up + victim.directory().toString().substring(1),
                "/proc/1/root" + victim.directory(),
                "/proc/self/cwd/../../" + victim.name());
    }

    private static Bundle withItsOwnDev() {
        var bundle = Bundle.busybox().writable();
        for (String point : List.of("/dev/mqueue", "/dev/shm", "/dev/pts", "/dev")) {
            bundle.withoutMount(point);
        }
        return bundle;
    }
}
