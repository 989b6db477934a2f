// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever links an image holds, what is mounted or made for it stays inside its root. */
@Requires(ROOT)
@Escape("CVE-2019-18837")
class MountPointsIT {
    private Path victim;

    @BeforeEach
    void makeVictim() {
        victim = Sandbox.current().freshDirectory("victim");
    }

    @Test
    @Shows("mounts.destination")
    void missingMountPointIsMade() {
        var bundle = Bundle.busybox().mount("/very/deep/point", "tmpfs", "t");

        assertMountedAt("/very/deep/point", bundle);
        assertTrue(Files.isDirectory(bundle.inside("/very/deep/point")));
    }

    @Test
    void absoluteLinkStartsAtTheContainersRoot() {
        var bundle = Bundle.busybox().link("/data", victim.toString());
        bundle.directory(victim.toString()).mount("/data", "tmpfs", "t");

        assertMountedAt(victim.toString(), bundle);
    }

    @Test
    @Shows("mounts.destination")
    void danglingAbsoluteLinkIsCompletedInsideTheRoot() {
        var bundle = Bundle.busybox().link("/data", victim.toString());
        bundle.mount("/data/sub", "tmpfs", "t");

        assertMountedAt(victim + "/sub", bundle);
        assertTrue(Files.isDirectory(bundle.inside(victim + "/sub")));
    }

    @Test
    void danglingLinkAtTheEndIsCompletedInsideTheRoot() {
        var bundle = Bundle.busybox().link("/data", victim.toString());
        bundle.mount("/data", "tmpfs", "t");

        assertMountedAt(victim.toString(), bundle);
    }

    @Test
    void linkThatClimbsStopsAtTheRoot() {
        var bundle = Bundle.busybox().link("/data", "../../../../../../../.." + victim);
        bundle.mount("/data/sub", "tmpfs", "t");

        assertMountedAt(victim + "/sub", bundle);
    }

    @Test
    @Shows("mounts.destination")
    void destinationThatClimbsStopsAtTheRoot() {
        var bundle = Bundle.busybox();
        bundle.mount("/tmp/../../../../../../../.." + victim, "tmpfs", "t");

        assertMountedAt(victim.toString(), bundle);
    }

    @Test
    @Shows("mounts.destination")
    void chainOfLinksIsFollowed() {
        var bundle = Bundle.busybox().link("/one", "two/x").link("/two", "/three");
        bundle.link("/three", "tmp").mount("/one", "tmpfs", "t");

        assertMountedAt("/tmp/x", bundle);
    }

    @Test
    void linksInACircleAreRefused() {
        var bundle = Bundle.busybox().link("/one", "/two").link("/two", "/one");

        Result run = bundle.mount("/one/x", "tmpfs", "t").run("true");

        run.failsWith("/one");
        assertHostUntouched();
    }

    @Test
    @Requires({ROOT, JRUNC})
    @Shows("mounts.destination")
    void linksInACircleAreExplained() {
        var bundle = Bundle.busybox().link("/one", "/two").link("/two", "/one");

        bundle.mount("/one", "tmpfs", "t").run("true").failsWith("/one: ELOOP", "in a circle");
    }

    @Test
    @Requires({ROOT, JRUNC})
    @Shows("root.path")
    void rootThatIsALinkIsRefused() throws IOException {
        var bundle = Bundle.busybox();
        Files.createSymbolicLink(bundle.directory().resolve("link"), bundle.rootfs());

        bundle.set("/root/path", "link").run("true").failsWith("root.path", "is a symbolic link");
    }

    @Test
    void boundFileOverADanglingLinkStaysInside() throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("source"), "bound\n");
        var bundle = Bundle.busybox().link("/etc/name", victim + "/name");
        bundle.bind(file, "/etc/name");

        assertEquals("bound", bundle.run("cat", victim + "/name").output());
        assertHostUntouched();
    }

    @Test
    void fileInTheWayIsRefused() {
        var bundle = Bundle.busybox().file("/data", "a file");

        Result run = bundle.mount("/data/sub", "tmpfs", "t").run("true");

        run.failsWith("ENOTDIR|not a directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpuinfo",
                "meminfo",
                "stat",
                "uptime",
                "loadavg",
                "swaps",
                "diskstats",
                "sys/kernel/ns_last_pid"
            })
    @Shows("mounts.destination")
    void filesThatDescribeTheMachineMayBeReplaced(String name) throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("source"), "fake\n");

        Result cat = Bundle.busybox().bind(file, "/proc/" + name).run("cat", "/proc/" + name);

        assertEquals("fake", cat.output());
    }

    private void assertMountedAt(String path, Bundle bundle) {
        Result mounts = bundle.sh("awk '$1 == \"t\" {print $2}' /proc/mounts");
        assertEquals(path, mounts.output(), mounts::describe);
        assertHostUntouched();
    }

    private void assertHostUntouched() {
        try (Stream<Path> files = Files.list(victim)) {
            assertEquals(List.of(), files.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(List.of(), Host.mounts(victim.getFileName().toString()));
    }
}
