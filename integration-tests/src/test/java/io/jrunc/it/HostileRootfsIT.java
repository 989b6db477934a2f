package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who shares a directory of the root file system exchanges it for a link to the host while
 * a container is made. Source: CVE-2021-30465, CVE-2024-45310, CVE-2026-41579.
 */
@Requires({ROOT, JRUNC}) // what runc 1.1 does here is not for this host
class HostileRootfsIT {
    private static final int RENAME_EXCHANGE = 2;
    private static final int ROUNDS = 60;

    private Path victim;

    @BeforeEach
    void makeVictim() throws IOException {
        victim = Sandbox.current().freshDirectory("victim");
        // Shared, as is all that the container has of the host: what is mounted there is seen here.
        Sandbox.current().command("mount", "-t", "tmpfs", "t", victim + "").run().output();
        Sandbox.current().command("mount", "--make-shared", victim + "").run().output();
        Files.writeString(victim.resolve("secret"), "the host's\n");
        Files.createDirectory(victim.resolve("point"));
    }

    @AfterEach
    void unmountVictim() {
        Sandbox.current().command("umount", "-l", victim.toString()).run().output();
    }

    @Test
    @Shows("mounts.destination")
    void mountPointsAreNeverMadeOrFoundOutside() throws IOException {
        var bundle = swapped();
        Path file = Files.writeString(Sandbox.current().freshFile("file"), "bound\n");
        bundle.mount("/swap/point", "tmpfs", "t").bind(file, "/swap/a/b/file");
        bundle.mount("/swap/deep/er/point", "tmpfs", "t");

        race(bundle, "ls -R /swap");
    }

    @Test
    @Shows("mounts.options=copy-symlink")
    void linksAreNeverMadeOutside() throws IOException {
        Path link = Files.createSymbolicLink(Sandbox.current().freshFile("link"), Path.of("x"));
        var bundle = swapped().bind(link, "/swap/one/link", "copy-symlink");

        race(bundle, "ls -R /swap");
    }

    @Test
    @Shows("mounts.options=tmpcopyup")
    void nothingIsCopiedFromOutside() throws IOException {
        var bundle = swapped().mount("/swap", "tmpfs", "t", "tmpcopyup");
        bundle.file("/shared/swap/mine", "image's");

        race(bundle, "ls -R /swap; cat /swap/*");
    }

    @Test
    @Shows("linux.devices.path")
    void devicesAreNeverMadeOutside() throws IOException {
        var bundle = swapped().writable();
        bundle.json(
                "/linux/devices",
                "[{\"path\": \"/swap/null\", \"type\": \"c\", \"major\": 1, \"minor\": 3},"
                        + " {\"path\": \"/swap/sub/pipe\", \"type\": \"p\"}]");

        race(bundle, "ls -R /swap");
    }

    @Test
    @Shows({"linux.maskedPaths", "linux.readonlyPaths"})
    void pathsAreNeverHiddenOutside() throws IOException {
        var bundle = swapped().file("/shared/swap/secret", "image's\n");
        bundle.add("/linux/maskedPaths", "/swap/secret").add("/linux/readonlyPaths", "/swap");

        race(bundle, "cat /swap/secret");
    }

    @Test
    @Shows("process.cwd")
    void workingDirectoryIsNeverMadeOutside() throws IOException {
        var bundle = swapped().writable().set("/process/cwd", "/swap/new/directory");

        race(bundle, "ls -R /swap");
    }

    /** The kernel is asked again if a rename got in the way of "..", so nothing fails for it. */
    @Test
    void renamesElsewhereDoNotMakeItFail() throws IOException {
        Path elsewhere = Sandbox.current().freshDirectory("elsewhere");
        Files.createDirectories(elsewhere.resolve("one"));
        Files.createDirectories(elsewhere.resolve("two"));
        var bundle =
                Bundle.busybox().directory("/a/b/c/d").link("/up", "a/../a/b/../b/../../a/b/c");
        bundle.mount("/up/../c/../c/d", "tmpfs", "t");
        var swapper = new Swapper(elsewhere, "one", "two");
        try (swapper) {
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        "/a/b/c/d", bundle.sh("awk '$1==\"t\" {print $2}' /proc/mounts").output());
            }
        }
        assertTrue(swapper.count() > 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/self/root",
                "/proc/self/cwd",
                "/proc/self/fd/3",
                "/proc/1/root",
                "/proc/thread-self/root"
            })
    @Shows("mounts.destination")
    void magicLinksInLinksOfTheImageAreNotFollowed(String magic) {
        var bundle = Bundle.busybox().link("/way", magic).mount("/way" + victim, "tmpfs", "t");

        Result run = bundle.run("true");

        assertTrue(run.status() == 0 || run.status() == 1, run::describe);
        assertUntouched();
    }

    @Test
    @Shows("mounts.destination")
    void linksInACircleAreExplained() {
        var bundle = Bundle.busybox().link("/one", "/two").link("/two", "/one");

        bundle.mount("/one", "tmpfs", "t").run("true").failsWith("/one: ELOOP", "in a circle");
    }

    @Test
    @Shows("root.path")
    void rootThatIsALinkIsRefused() throws IOException {
        var bundle = Bundle.busybox();
        Files.createSymbolicLink(bundle.directory().resolve("link"), bundle.rootfs());

        bundle.set("/root/path", "link").run("true").failsWith("root.path", "is a symbolic link");
    }

    /** {@code /swap} is a directory, and {@code /link} leads out of the root, in the same place. */
    private Bundle swapped() {
        var bundle = Bundle.busybox().directory("/shared/swap").link("/swap", "/shared/swap");
        bundle.directory("/shared/out").link("/shared/link", up(bundle));
        return bundle;
    }

    /** A relative link to the victim, as a process outside of the root would resolve it. */
    private String up(Bundle bundle) {
        return bundle.inside("/shared").relativize(victim).toString();
    }

    /** Runs the bundle again and again while its directory is exchanged for the link. */
    private void race(Bundle bundle, String look) throws IOException {
        bundle.set("/linux/resources", Map.of()).remove("/linux/cgroupsPath");
        bundle.set("/linux/rootfsPropagation", "rshared");
        bundle.args("sh", "-c", look).write();
        int good = 0;
        try (var swapper = new Swapper(bundle.inside("/shared"), "swap", "link")) {
            for (int i = 0; i < ROUNDS; i++) {
                String id = Sandbox.current().freshId();
                Result run =
                        Sandbox.current()
                                .runtime("--cgroup-manager=disabled", "run", id)
                                .in(bundle.directory())
                                .run();
                good += run.status() == 0 ? 1 : 0;
                assertFalse(run.stdout().contains("the host's"), run::describe);
                assertFalse(run.stdout().contains("secret\n"), run::describe);
                assertUntouched();
            }
            assertTrue(swapper.count() > ROUNDS, "exchanged only " + swapper.count() + " times");
        }
        assertTrue(good > 0, "never did the container run");
    }

    private void assertUntouched() {
        assertEquals(List.of("point", "secret"), names(victim));
        assertEquals(List.of(), names(victim.resolve("point")));
        assertEquals(List.of(victim.toString()), Host.mounts(victim.toString()));
    }

    private static List<String> names(Path directory) {
        return List.of(directory.toFile().list()).stream().sorted().toList();
    }

    /** Exchanges two names in a directory as fast as it can, in a thread of its own. */
    private static final class Swapper implements AutoCloseable {
        private static final long PAUSE_NANOS = 20_000;
        private final Kernel kernel = LocalKernel.get();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong count = new AtomicLong();
        private final Thread thread;

        private Swapper(Path directory, String one, String two) {
            Fd at = kernel.files().open(directory.toString(), OpenFlag.PATH, OpenFlag.DIRECTORY);
            thread =
                    new Thread(
                            () -> {
                                while (!over.get()) {
                                    swap(at, one, two);
                                }
                                at.close();
                            });
            thread.start();
        }

        private void swap(Fd at, String one, String two) {
            Arg[] args = {at, Arg.text(one), at, Arg.text(two), Arg.of(RENAME_EXCHANGE)};
            new Call(kernel, Syscall.RENAMEAT2, one, args).submit();
            count.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS); // the container needs a processor as well
        }

        private long count() {
            return count.get();
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
