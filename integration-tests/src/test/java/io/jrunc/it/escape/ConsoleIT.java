// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Container;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither the image nor processes that share its {@code /dev} can redirect the terminal. */
@Requires({ROOT, JRUNC})
@Escape("CVE-2025-52565")
class ConsoleIT {
    @ParameterizedTest
    @ValueSource(strings = {"/proc/sys/kernel/core_pattern", "/outside", "/no/where", "console"})
    void symbolicLinkForAConsoleIsRefused(String target) throws IOException {
        var bundle = withTerminal().withoutMount("/dev").writable();
        bundle.file("/outside", "untouched").link("/dev/console", target);

        refused(bundle, "process.terminal: .*/dev/console in the image is a symbolic link");

        assertEquals("untouched", Files.readString(bundle.inside("/outside")));
        assertFalse(Files.exists(bundle.inside("/no/where")));
    }

    /** The image's own ptmx, or none, where the container's terminals should be. */
    @Test
    void terminalsComeFromTheContainersDevptsOnly() {
        String needed = "process.terminal: .*no devpts at /dev/pts";
        refused(withTerminal().withoutMount("/dev/pts"), needed);

        refused(withItsOwnPts().link("/dev/pts/ptmx", "/dev/ptmx"), "process.terminal|ptmx");
        refused(withItsOwnPts().link("/dev/pts", "/proc/self/fd"), "process.terminal|/dev/pts");
        refused(withItsOwnPts().file("/dev/pts/ptmx", "no terminal"), needed);
    }

    /** The place of the terminal is exchanged for a link to another file. */
    @Test
    void terminalIsNeverPutOnAnotherFile() {
        var bundle = withTerminal().withoutMount("/dev").writable();
        bundle.file("/outside", "untouched").file("/dev/console", "");
        bundle.link("/dev/evil", "/outside");

        race(
                bundle,
                "console",
                container -> {
                    String mounts = Host.proc(container.initPid(), "mountinfo").orElseThrow();
                    assertFalse(mounts.contains(" /outside "), mounts);
                });
        assertEquals("untouched", Result.text(bundle.inside("/outside")));
    }

    /** The place of the devpts is exchanged for a directory whose ptmx leads to another file. */
    @Test
    void terminalIsNeverTakenFromElsewhere() {
        var bundle = withTerminal().withoutMount("/dev").writable();
        bundle.directory("/dev/pts").file("/outside", "untouched");
        bundle.link("/dev/evil/ptmx", "/outside").link("/dev/evil/0", "/outside");

        race(
                bundle,
                "pts",
                container -> {
                    String mounts = Host.proc(container.initPid(), "mountinfo").orElseThrow();
                    List<String> consoles =
                            mounts.lines().filter(line -> line.contains(" /dev/console ")).toList();
                    assertEquals(1, consoles.size(), mounts);
                    assertTrue(consoles.get(0).contains(" - devpts "), mounts);
                });
        assertEquals("untouched", Result.text(bundle.inside("/outside")));
    }

    private static void race(
            Bundle bundle, String name, java.util.function.Consumer<Container> look) {
        bundle.args("true");
        int made = 0;
        int refused = 0;
        try (var library = new Library();
                var swapper = new Swapper(bundle.inside("/dev"), name, "evil")) {
            int wanted = Library.containers();
            for (int round = 0; round < wanted * 10; round++) {
                var failure = library.create(bundle, look);
                made += failure.isEmpty() ? 1 : 0;
                refused += failure.isPresent() ? 1 : 0;
                if (round >= wanted && made > 0 && refused > 0) {
                    break;
                }
            }
            String seen = made + " made, " + refused + " refused, swaps: " + swapper.count();
            assertTrue(made > 0 && refused > 0, seen);
        }
    }

    private static void refused(Bundle bundle, String message) {
        bundle.run("true").failsWith(message);
        assertEquals(List.of(), Sandbox.current().remains());
    }

    private static Bundle withTerminal() {
        return Bundle.busybox().set("/process/terminal", true);
    }

    private static Bundle withItsOwnPts() {
        return withTerminal().withoutMount("/dev").withoutMount("/dev/pts").writable();
    }
}
