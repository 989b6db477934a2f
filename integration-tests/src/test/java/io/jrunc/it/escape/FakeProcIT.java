// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the runtime writes to {@code /proc}, labels and system controls, goes to something else that
 * was put there: then nothing is confined, or a file of the attacker's choice is written.
 */
@Requires(ROOT)
class FakeProcIT {
    @ParameterizedTest
    @Requires(JRUNC) // runc 1.1 looks only at bind mounts
    @Escape("CVE-2019-16884")
    @ValueSource(strings = {"/proc", "/proc/self", "/proc/sys", "/proc/self/attr", "/proc/1"})
    void nothingButProcIsMountedOnProc(String path) {
        Result run = Bundle.busybox().mount(path, "tmpfs", "t").run("true");

        run.failsWith(path);
    }

    @ParameterizedTest
    @Escape("CVE-2019-16884")
    @ValueSource(strings = {"/proc/self/attr/exec", "/proc/sysrq-trigger", "/proc/version"})
    void fileOfProcIsNotReplaced(String path) throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("source"), "fake\n");

        Result run = Bundle.busybox().bind(file, path).run("true");

        run.failsWith("/proc");
    }

    /** Its content would decide what the runtime's own writes do. */
    @ParameterizedTest
    @Requires(JRUNC) // runc 1.1 lets a file of proc replace /proc itself at most
    @Escape("CVE-2025-52881")
    @ValueSource(strings = {"/proc/self/attr/exec", "/proc/sys/kernel/hostname", "/proc/version"})
    void fileOfProcIsNotReplacedByAnother(String path) {
        var bundle = Bundle.busybox().bind(Path.of("/proc/self/sched"), path);

        bundle.run("true").failsWith("inside /proc");
    }

    @Test
    @Escape("CVE-2025-52881")
    @Shows("mounts.source")
    void hostsProcMayBeBoundOnProcAlone() {
        var whole = Bundle.busybox().withoutMount("/proc").mount("/proc", "bind", "/proc", "rbind");
        var part = Bundle.busybox().mount("/proc", "bind", "/proc/sys", "bind");

        assertEquals(0, whole.run("true").status());
        part.run("true").failsWith("/proc");
    }

    @ParameterizedTest
    @Requires(JRUNC)
    @Escape("CVE-2019-16884")
    @ValueSource(strings = {"/proc/", "//proc", "/./proc", "/proc/."})
    void otherWaysToWriteProcMeanProc(String path) {
        var bundle = Bundle.busybox().withoutMount("/proc").mount(path, "tmpfs", "t");

        bundle.run("true").failsWith("not of type proc");
    }

    @Test
    @Requires(JRUNC) // as above
    @Escape({"CVE-2019-16884", "CVE-2025-52881"})
    void linkIntoProcDoesNotCircumventTheRule() {
        var bundle = Bundle.busybox().link("/innocent", "/proc/self/attr");

        Result run = bundle.mount("/innocent", "tmpfs", "t").run("true");

        assertEquals(1, run.status(), run::describe);
    }

    @Test
    @Requires(JRUNC)
    @Escape("CVE-2025-52881")
    void magicLinksOfProcAreNotFollowed() {
        var bundle = Bundle.busybox().mount("/proc/self/root/escaped", "tmpfs", "t");

        Result run = bundle.run("true");

        assertEquals(1, run.status(), run::describe);
        assertTrue(Files.notExists(Path.of("/escaped")));
    }

    @ParameterizedTest
    @Escape({"CVE-2023-27561", "CVE-2023-28642", "CVE-2019-19921"})
    @ValueSource(strings = {"/proc", "/sys"})
    void linkInPlaceOfProcOrSysIsRefused(String path) {
        var bundle = Bundle.busybox().directory("/elsewhere").link(path, "/elsewhere");

        Result run = bundle.run("true");

        run.failsWith("must be mounted on ordinary directory");
    }

    /** The directory is exchanged for a link to the host while it is mounted. */
    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @Escape({"CVE-2019-19921", "CVE-2023-27561", "CVE-2023-28642"})
    @ValueSource(strings = {"proc", "sys"})
    void mountOfProcOrSysIsNeverLedElsewhere(String name) throws IOException {
        try (var victim = new Victim();
                var library = new Library()) {
            var bundle = Bundle.busybox().set("/linux/rootfsPropagation", "rshared");
            bundle.withoutMount("/sys/fs/cgroup");
            bundle.link("/evil", "../../" + victim.name() + "/point");
            bundle.directory("/" + victim.name() + "/point");
            int made = 0;
            int refused = 0;
            try (var swapper = new Swapper(bundle.rootfs(), name, "evil")) {
                int wanted = Library.containers();
                for (int round = 0; round < wanted * 10; round++) {
                    var failure =
                            library.create(
                                    bundle,
                                    container -> {
                                        String mounts =
                                                Host.proc(container.initPid(), "mountinfo")
                                                        .orElseThrow();
                                        assertTrue(!mounts.contains(victim.name()), mounts);
                                    });
                    victim.assertUntouched();
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
    }

    /** After {@code /proc} was mounted another directory takes its place; a control is written. */
    @Test
    @Requires({ROOT, JRUNC})
    @Escape("CVE-2025-52881")
    @Shows("linux.sysctl")
    void systemControlIsNeverWrittenToAnotherFile() throws IOException {
        String control = "/sys/net/ipv4/ip_forward";
        var bundle =
                Bundle.busybox()
                        .writable()
                        .json("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\"}");
        bundle.remove("/linux/maskedPaths").remove("/linux/readonlyPaths");
        bundle.file("/fake" + control, "untouched");
        Path fake = bundle.inside("/held");
        Files.createLink(fake, bundle.inside("/fake" + control));
        int made = 0;
        try (var library = new Library();
                var swapper = new Swapper(bundle.rootfs(), "proc", "fake")) {
            for (int round = 0; round < Library.containers(); round++) {
                var failure = library.create(bundle, container -> {});
                assertEquals("untouched", Files.readString(fake));
                made += failure.isEmpty() ? 1 : 0;
            }
            assertTrue(made > 0 && swapper.count() > made, made + " made");
        }
    }
}
