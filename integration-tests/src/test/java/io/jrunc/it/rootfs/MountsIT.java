// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.UNIFIED_CGROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config.md#mounts. */
@Requires(ROOT)
class MountsIT {
    @Test
    @Shows({"mounts.type", "mounts.destination"})
    void defaultMountsAreThere() {
        Result types =
                Bundle.busybox()
                        .sh(
                                "for d in /proc /sys /dev /dev/pts /dev/shm /dev/mqueue; do awk -v"
                                        + " d=$d '$2 == d {print $2, $3}' /proc/mounts; done");

        assertEquals(
                List.of(
                        "/proc proc",
                        "/sys sysfs",
                        "/dev tmpfs",
                        "/dev/pts devpts",
                        "/dev/shm tmpfs",
                        "/dev/mqueue mqueue"),
                types.lines());
    }

    @Test
    @Shows({"mounts.options", "mounts.source"})
    void tmpfsHasSizeAndMode() {
        var bundle = Bundle.busybox();
        bundle.mount("/scratch", "tmpfs", "scratch", "size=1m", "mode=1750", "nr_inodes=20");

        Result scratch =
                bundle.sh("df -k /scratch | awk 'END {print $1, $2}'; stat -c %a /scratch");

        assertEquals(List.of("scratch 1024", "1750"), scratch.lines());
    }

    @Test
    @Shows("mounts.type")
    void tmpfsHasTheModeOfTheDirectoryThatItCovers() {
        var bundle = Bundle.busybox().directory("/scratch").mount("/scratch", "tmpfs", "tmpfs");
        Sandbox.current().command("chmod", "1751", bundle.inside("/scratch").toString()).run();

        assertEquals("1751", bundle.run("stat", "-c", "%a", "/scratch").output());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 shares what is bound from the host, but not the root
    @Shows("linux.rootfsPropagation")
    void sharedRootIsSharedWithAllThatIsMountedOnIt() {
        var bundle = Bundle.busybox().set("/linux/rootfsPropagation", "rshared");

        Result mounts =
                bundle.sh("grep -c ' shared:' /proc/self/mountinfo; wc -l < /proc/self/mountinfo");

        assertEquals(mounts.lines().get(1), mounts.lines().get(0), mounts::describe);
    }

    @Test
    @Shows("mounts.options")
    void tmpfsIsFullAtItsSize() {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs", "size=64k");

        Result dd = bundle.sh("dd if=/dev/zero of=/scratch/f bs=1k count=65 2>&1");

        assertEquals(1, dd.status(), dd::describe);
        assertTrue(dd.stdout().contains("No space left"), dd::describe);
    }

    @Test
    void terminalsAreTheContainersOwn() {
        Result pts = Bundle.busybox().sh("ls /dev/pts; stat -c '%t:%T %a' /dev/pts/ptmx");

        assertEquals(List.of("ptmx", "5:2 666"), pts.lines());
    }

    @Test
    @Shows({"mounts.options=bind", "mounts.source"})
    void boundDirectoryShowsTheHosts() throws IOException {
        Path source = source();
        var bundle = Bundle.busybox().bind(source, "/data");

        bundle.sh("cat /data/file > /data/copy").output();

        assertEquals("content\n", Files.readString(source.resolve("copy")));
    }

    @Test
    @Shows({"mounts.destination", "mounts.source"})
    void boundFileIsMountedOnAFile() throws IOException {
        var bundle = Bundle.busybox().bind(source().resolve("file"), "/etc/settings/file");

        Result cat = bundle.sh("cat /etc/settings/file; stat -c %F /etc/settings");

        assertEquals(List.of("content", "directory"), cat.lines());
        assertTrue(Files.isRegularFile(bundle.inside("/etc/settings/file")));
    }

    @Test
    @Shows("mounts.source")
    void sourceMayBeRelativeToTheBundle() throws IOException {
        var bundle = Bundle.busybox().mount("/data", "bind", "beside", "bind");
        Files.createDirectory(bundle.directory().resolve("beside"));
        Files.writeString(bundle.directory().resolve("beside/f"), "beside\n");

        assertEquals("beside", bundle.run("cat", "/data/f").output());
    }

    @Test
    @Shows("mounts.options=ro")
    void readOnlyBindIsReadOnlyInsideAlone() throws IOException {
        Path source = source();
        var bundle = Bundle.busybox().bind(source, "/data", "ro");

        Result touch = bundle.run("touch", "/data/new");

        touch.failsWith("Read-only file system");
        Files.writeString(source.resolve("new"), "the host may");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuid", "nodev", "noexec", "noatime", "nodiratime", "ro"})
    void optionsAreSetOnTheMount(String option) throws IOException {
        var bundle = Bundle.busybox().bind(source(), "/data", option);
        bundle.mount("/scratch", "tmpfs", "tmpfs", option);

        Result options =
                bundle.sh("awk '$5 ~ \"^/(data|scratch)$\" {print $6}' /proc/self/mountinfo");

        assertEquals(2, options.lines().size(), options::describe);
        for (String line : options.lines()) {
            assertTrue(List.of(line.split(",", -1)).contains(option), options::describe);
        }
    }

    @Test
    void laterOptionWins() throws IOException {
        var bundle = Bundle.busybox().bind(source(), "/data", "ro", "nosuid", "rw", "suid");

        Result options = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");

        assertEquals("rw,relatime", options.output());
    }

    @Test
    @Shows("mounts.options=noexec")
    void nothingIsExecutedFromNoexec() {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs", "noexec");

        Result run = bundle.sh("echo 'echo run' > /scratch/x; chmod +x /scratch/x; /scratch/x");

        assertEquals(126, run.status(), run::describe);
        assertTrue(run.stderr().contains("Permission denied"), run::describe);
    }

    @Test
    @Shows("mounts.options=nodev")
    void devicesOnNodevCannotBeOpened() {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs", "nodev");
        bundle.capabilities("CAP_MKNOD");

        Result open = bundle.sh("mknod /scratch/null c 1 3 && echo made && cat /scratch/null");

        assertEquals("made\n", open.stdout());
        open.failsWith("Permission denied");
    }

    @Test
    @Shows("mounts.options=rbind")
    void rbindBringsWhatIsMountedBelow() throws IOException {
        Path source = source();
        try (var below = new HostMount(source.resolve("below"), "tmpfs")) {
            Files.writeString(below.point().resolve("f"), "below\n");

            Result seen =
                    Bundle.busybox()
                            .bind(source, "/plain", "bind")
                            .bind(source, "/all", "rbind")
                            .sh("ls /plain/below; cat /all/below/f");

            assertEquals(List.of("below"), seen.lines());
        }
    }

    @Test
    @Shows("mounts.options=rro")
    void recursiveReadOnlyReachesWhatIsMountedBelow() throws IOException {
        Path source = source();
        try (var below = new HostMount(source.resolve("below"), "tmpfs")) {
            var bundle = Bundle.busybox();
            bundle.bind(source, "/top", "rbind", "ro").bind(source, "/all", "rbind", "rro");

            Result touch = bundle.sh("touch /top/below/new && echo made; touch /all/below/other");

            assertEquals("made\n", touch.stdout());
            touch.failsWith("Read-only file system");
            assertTrue(Files.exists(below.point().resolve("new")));
        }
    }

    @ParameterizedTest
    @CsvSource({"rslave, seen", "rshared, seen", "rprivate, not"})
    @Shows({"mounts.options=rslave", "mounts.options=rshared", "mounts.options=rprivate"})
    void laterMountsOfTheHostArriveAsPropagationSays(String propagation, String expected)
            throws IOException {
        try (var shared = new HostMount(source().resolve("shared"), "tmpfs")) {
            shared.makeShared();
            var bundle = Bundle.busybox().bind(shared.point(), "/data", "rbind", propagation);
            Container container =
                    bundle.start(
                            "sh",
                            "-c",
                            "mkdir -p /data/late; touch /data/ready;"
                                    + " while [ ! -e /data/go ]; do sleep 0.02; done;"
                                    + " [ -e /data/late/f ] && echo seen || echo not");
            Host.becomes(5000, () -> Files.exists(shared.point().resolve("ready")));
            try (var late = new HostMount(shared.point().resolve("late"), "tmpfs")) {
                Files.writeString(late.point().resolve("f"), "x");
                Files.writeString(shared.point().resolve("go"), "x");

                assertEquals(expected + "\n", container.awaitEnd().output());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"rshared, 1", "rslave, 0", "rprivate, 0"})
    void mountsOfTheContainerReachTheHostOnlyIfShared(String propagation, int expected)
            throws IOException {
        try (var shared = new HostMount(source().resolve("shared"), "tmpfs")) {
            shared.makeShared();
            Files.createDirectory(shared.point().resolve("mine"));
            var bundle = Bundle.busybox().bind(shared.point(), "/data", "rbind", propagation);
            bundle.capabilities("CAP_SYS_ADMIN");
            if (expected == 1) { // without it, all that the container has is a slave of the host's
                bundle.set("/linux/rootfsPropagation", "rshared");
            }
            bundle.json("/linux/namespaces", "[{\"type\":\"mount\"},{\"type\":\"uts\"}]");

            bundle.run("mount", "-t", "tmpfs", "tmpfs", "/data/mine").output();

            List<String> reached = Host.mounts(shared.point().resolve("mine").toString());
            for (String mount : reached) {
                Sandbox.current().command("umount", mount).run().output();
            }
            assertEquals(expected, reached.size());
        }
    }

    @Test
    void nothingThatIsMountedInsideReachesTheHost() {
        Container container =
                Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs").start("sleep", "60");

        assertEquals(List.of(), Host.mounts(Sandbox.current().token()));
        assertEquals("running", container.status());
    }

    @Test
    @Shows("mounts")
    void mountsAreMadeInOrder() throws IOException {
        var bundle = Bundle.busybox().mount("/a", "tmpfs", "first").bind(source(), "/a/b");
        bundle.mount("/a", "tmpfs", "second").mount("/a/b/c", "tmpfs", "third");

        Result mounts = bundle.sh("awk '$2 ~ \"^/a\" {print $1, $2}' /proc/mounts; ls /a /a/b");

        assertEquals("second /a", mounts.lines().get(2), mounts::describe);
        assertEquals("third /a/b/c", mounts.lines().get(3));
        assertFalse(mounts.output().contains("file"), mounts::describe);
    }

    @Test
    void missingSourceIsNamed() {
        var bundle = Bundle.busybox().bind(Path.of("/no/such/source"), "/data");

        Result run = bundle.run("true");

        run.failsWith("/no/such/source", "no such file or directory");
    }

    @Test
    void fileOnADirectoryIsRefused() throws IOException {
        var bundle = Bundle.busybox().bind(source().resolve("file"), "/tmp");

        Result run = bundle.run("true");

        run.failsWith("/tmp", "directory");
    }

    @Test
    void unknownFileSystemIsNamed() {
        Result run = Bundle.busybox().mount("/data", "zebrafs", "none").run("true");

        run.failsWith("/data", "ENODEV|no such device");
    }

    @Test
    void unknownOptionIsRefusedByTheFileSystem() {
        Result run = Bundle.busybox().mount("/data", "tmpfs", "none", "zebra=1").run("true");

        run.failsWith("/data", "EINVAL|invalid argument");
    }

    private static Path source() throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        Files.writeString(source.resolve("file"), "content\n");
        return source;
    }

    /** A file system mounted on the host for a test. */
    private record HostMount(Path point, String type) implements AutoCloseable {
        HostMount {
            assertTrue(point.toFile().mkdirs() || Files.isDirectory(point));
            Sandbox.current().command("mount", "-t", type, type, point.toString()).run().output();
        }

        void makeShared() {
            Sandbox.current().command("mount", "--make-shared", point.toString()).run().output();
        }

        @Override
        public void close() {
            Sandbox.current().command("umount", "-l", point.toString()).run().output();
        }
    }

    /** fsconfig(2) takes 255 bytes, mount(2) a page. */
    @Test
    @Shows("mounts.options")
    void layersOfAnOverlayMayHaveLongNames() throws IOException {
        List<String> layers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path layer = Sandbox.current().freshDirectory("layer-" + "l".repeat(120));
            Files.writeString(layer.resolve("file" + i), i + "\n");
            layers.add(layer.toString());
        }
        Path upper = Sandbox.current().freshDirectory("upper-" + "u".repeat(240));
        Path work = Sandbox.current().freshDirectory("work");
        var bundle = Bundle.busybox();
        bundle.mount(
                "/data",
                "overlay",
                "overlay",
                "lowerdir=" + String.join(":", layers),
                "upperdir=" + upper + ",workdir=" + work,
                "nosuid");

        Result look = bundle.sh("cat /data/file*; echo new > /data/file1; grep /data /proc/mounts");

        assertEquals(List.of("0", "1", "2"), look.lines().subList(0, 3));
        assertTrue(look.stdout().contains("overlay /data overlay rw,nosuid"), look::describe);
        assertEquals("new\n", Files.readString(upper.resolve("file1")));
        assertEquals(List.of(), Host.mounts(Sandbox.current().token()));
    }

    @Test
    @Shows("mounts.source")
    void nameOfAFileSystemMayBeLong() {
        String name = "n".repeat(300);
        var bundle = Bundle.busybox().mount("/data", "tmpfs", name, "ro", "mode=1711", "size=64k");

        Result look = bundle.sh("grep -o '^n* /data tmpfs r.' /proc/mounts; stat -c %a /data");

        assertEquals(List.of(name + " /data tmpfs ro", "1711"), look.lines());
    }

    /** As in runc; the kernel would find another one below the root. */
    @Test
    @Shows("mounts.destination")
    void destinationMayBeginWithThePathOfTheRootFileSystem() {
        var bundle = Bundle.busybox();
        bundle.mount(bundle.rootfs() + "/data", "tmpfs", "inside");

        Result run = bundle.sh("grep -o '^inside /data' /proc/mounts");

        assertEquals("inside /data", run.stdout().strip(), run::describe);
        if (Program.isJrunc()) {
            assertTrue(run.stderr().contains("falling back to \\\"/data\\\""), run::describe);
        }
    }

    @Test
    @Requires({UNIFIED_CGROUP, JRUNC})
    @Shows("mounts.type")
    void secondVersionOfCgroupsIsWhatItSays() {
        var bundle = Bundle.busybox().withoutMount("/sys/fs/cgroup");
        bundle.mount("/sys/fs/cgroup", "cgroup2", "cgroup", "ro");

        Result look =
                bundle.sh(
                        "grep -o ' /sys/fs/cgroup cgroup2 ro' /proc/mounts; cd /sys/fs/cgroup;"
                                + " ls cgroup.subtree_control; mkdir x 2>/dev/null || echo read-only");

        // Without a cgroup namespace it is the whole hierarchy, as with runc.
        assertEquals(
                List.of(" /sys/fs/cgroup cgroup2 ro", "cgroup.subtree_control", "read-only"),
                look.stdout().lines().toList(),
                look::describe);
    }

    /** Whose network namespace it is decides whose sysfs it may be. Source: crun. */
    @Test
    @Requires(JRUNC)
    @Shows("mounts.type")
    void sysfsOfAUserNamespaceWithoutANetworkIsTheHosts() {
        var bundle = Bundle.busybox().userNamespace(100000, 65536).withoutNamespace("network");
        bundle.withoutMount("/sys/fs/cgroup");

        Result look =
                bundle.sh(
                        "ls /sys/kernel | grep -c uevent_seqnum; grep -c ' /sys.* rw' /proc/mounts");

        assertEquals("1\n0\n", look.stdout(), look::describe);
    }

    @Test
    @Requires(JRUNC)
    void devicesThatAreBoundGiveNothingElse() {
        var bundle = Bundle.busybox().userNamespace(100000, 65536);

        String shown = bundle.sh("grep ' /dev/null ' /proc/mounts").output();

        assertTrue(shown.contains("nosuid") && shown.contains("noexec"), shown);
    }
}
