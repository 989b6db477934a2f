package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/**
 * Whatever links an image holds, what is mounted or made for it stays inside its root. Source:
 * CVE-2019-18837, CVE-2021-30465, CVE-2023-27561, CVE-2023-28642.
 */
@Requires(ROOT)
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
    @ValueSource(strings = {"/proc", "/sys"})
    void linkInPlaceOfProcOrSysIsRefused(String path) {
        var bundle = Bundle.busybox().directory("/elsewhere").link(path, "/elsewhere");

        Result run = bundle.run("true");

        run.failsWith("must be mounted on ordinary directory");
    }

    @ParameterizedTest
    @Requires(JRUNC) // runc 1.1 looks only at bind mounts
    @ValueSource(strings = {"/proc", "/proc/self", "/proc/sys", "/proc/self/attr", "/proc/1"})
    void nothingButProcIsMountedOnProc(String path) {
        Result run = Bundle.busybox().mount(path, "tmpfs", "t").run("true");

        run.failsWith(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/attr/exec", "/proc/sysrq-trigger", "/proc/version"})
    void fileOfProcIsNotReplaced(String path) throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("source"), "fake\n");

        Result run = Bundle.busybox().bind(file, path).run("true");

        run.failsWith("/proc");
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

    /** CVE-2025-52881: its content would decide what the runtime's own writes do. */
    @ParameterizedTest
    @Requires(JRUNC) // runc 1.1 lets a file of proc replace /proc itself at most
    @ValueSource(strings = {"/proc/self/attr/exec", "/proc/sys/kernel/hostname", "/proc/version"})
    void fileOfProcIsNotReplacedByAnother(String path) {
        var bundle = Bundle.busybox().bind(Path.of("/proc/self/sched"), path);

        bundle.run("true").failsWith("inside /proc");
    }

    @Test
    @Shows("mounts.source")
    void hostsProcMayBeBoundOnProcAlone() {
        var whole = Bundle.busybox().withoutMount("/proc").mount("/proc", "bind", "/proc", "rbind");
        var part = Bundle.busybox().mount("/proc", "bind", "/proc/sys", "bind");

        assertEquals(0, whole.run("true").status());
        part.run("true").failsWith("/proc");
    }

    @ParameterizedTest
    @Requires(JRUNC)
    @ValueSource(strings = {"/proc/", "//proc", "/./proc", "/proc/."})
    void otherWaysToWriteProcMeanProc(String path) {
        var bundle = Bundle.busybox().withoutMount("/proc").mount(path, "tmpfs", "t");

        bundle.run("true").failsWith("not of type proc");
    }

    @Test
    @Requires(JRUNC) // as above
    void linkIntoProcIsNotAWayRoundTheRule() {
        var bundle = Bundle.busybox().link("/innocent", "/proc/self/attr");

        Result run = bundle.mount("/innocent", "tmpfs", "t").run("true");

        assertEquals(1, run.status(), run::describe);
    }

    @Test
    @Requires(JRUNC)
    void magicLinksOfProcAreNotFollowed() {
        var bundle = Bundle.busybox().mount("/proc/self/root/escaped", "tmpfs", "t");

        Result run = bundle.run("true");

        assertEquals(1, run.status(), run::describe);
        assertTrue(Files.notExists(Path.of("/escaped")));
    }

    /** CVE-2026-41579. runc 1.1 writes to the host here. */
    @Test
    @Requires(JRUNC)
    void devicesOfAnImageWhoseDevIsALinkStayInside() {
        var bundle = Bundle.busybox().link("/dev", victim.toString());
        for (String point : List.of("/dev/mqueue", "/dev/shm", "/dev/pts", "/dev")) {
            bundle.withoutMount(point);
        }
        bundle.directory(victim.toString());

        bundle.run("true");

        assertHostUntouched();
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
