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
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that shares a directory of the root file system replaces it by a link to the host while
 * a container is created: {@code /swap} is a directory, or a link out of the root, to the victim of
 * a runtime that leaves the root.
 */
@Requires({ROOT, JRUNC}) // what runc 1.1 does here is not for this host
class SharedVolumeIT {
    /** Paths in one container, each of which is found, or made, anew. */
    private static final int PATHS = 100;

    private Victim victim;

    @BeforeEach
    void makeVictim() {
        victim = new Victim();
    }

    @AfterEach
    void unmountVictim() {
        victim.close();
    }

    @Test
    @Escape("CVE-2021-30465")
    @Shows("mounts.destination")
    void nothingIsMountedOutside() {
        var bundle = swapped().directory("/shared/swap/point").directory("/" + victim.name());
        bundle.directory("/" + victim.name() + "/point");

        race(bundle, i -> bundle.mount("/swap/point", "tmpfs", "t"));
    }

    @Test
    @Escape({"CVE-2024-45310", "CVE-2021-30465", "CVE-2019-18837"})
    @Shows("mounts.destination")
    void noMountPointIsMadeOutside() throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("file"), "bound\n");
        var bundle = swapped();

        race(
                bundle,
                i -> {
                    String point = "/swap/" + Sandbox.current().freshId() + "/deeper/" + i;
                    if (i % 2 == 0) {
                        bundle.mount(point, "tmpfs", "t");
                    } else {
                        bundle.bind(file, point);
                    }
                });
    }

    @Test
    @Escape("CVE-2024-45310")
    @Shows("mounts.options=copy-symlink")
    void noLinkIsMadeOutside() throws IOException {
        Path link = Files.createSymbolicLink(Sandbox.current().freshFile("link"), Path.of("x"));
        var bundle = swapped();

        race(
                bundle,
                i -> bundle.bind(link, "/swap/" + Sandbox.current().freshId(), "copy-symlink"));
    }

    @Test
    @Escape({"CVE-2026-41579", "CVE-2026-47766"})
    @Shows("linux.devices.path")
    void noDeviceIsMadeOutside() {
        var bundle = swapped().writable();

        race(
                bundle,
                i -> {
                    String path = "/swap/" + Sandbox.current().freshId() + "/pipe";
                    String pipe = "{\"path\": \"" + path + "\", \"type\": \"p\"}";
                    bundle.add("/linux/devices", Json.parse(pipe));
                });
    }

    @Test
    @Escape("CVE-2021-30465")
    @Shows("mounts.options=tmpcopyup")
    void nothingIsCopiedFromOutside() {
        var bundle = swapped().directory("/" + victim.name());
        try (var library = new Library();
                var swapper = swapper(bundle)) {
            for (int round = 0; round < Library.rounds() / PATHS; round++) {
                bundle.withoutMount("/swap").mount("/swap", "tmpfs", "t", "tmpcopyup");
                library.create(
                        bundle,
                        made -> {
                            assertFalse(
                                    Files.exists(in(made).resolve("shared/swap/secret")), "copied");
                            victim.assertUntouched();
                        });
            }
            assertTrue(swapper.count() > 0);
        }
    }

    @Test
    @Escape("CVE-2021-30465")
    @Shows({"linux.maskedPaths", "linux.readonlyPaths"})
    void nothingIsHiddenOutside() {
        var bundle = swapped();
        for (int i = 0; i < PATHS; i++) {
            bundle.directory("/shared/swap/d" + i).directory("/" + victim.name() + "/d" + i);
        }

        race(
                bundle,
                i -> {
                    String list = i % 2 == 0 ? "readonlyPaths" : "maskedPaths";
                    bundle.add("/linux/" + list, "/swap/d" + i, "/swap/secret");
                });
    }

    @Test
    @Escape({"CVE-2024-45310", "CVE-2024-21626"})
    @Shows("process.cwd")
    void noWorkingDirectoryIsMadeOutside() {
        var bundle = swapped().writable();
        try (var library = new Library();
                var swapper = swapper(bundle)) {
            for (int round = 0; round < Library.containers(); round++) {
                bundle.cwd("/swap/" + Sandbox.current().freshId() + "/directory");
                library.create(bundle, made -> {});
                victim.assertUntouched();
            }
            assertTrue(swapper.count() > 0);
        }
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
        try (var swapper = new Swapper(elsewhere, "one", "two")) {
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        "/a/b/c/d", bundle.sh("awk '$1==\"t\" {print $2}' /proc/mounts").output());
            }
            assertTrue(swapper.count() > 0);
        }
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
    @Escape("CVE-2019-18837")
    @Shows("mounts.destination")
    void magicLinksInLinksOfTheImageAreNotFollowed(String magic) {
        var bundle = Bundle.busybox().link("/way", magic);
        bundle.mount("/way" + victim.directory(), "tmpfs", "t");

        var run = bundle.run("true");

        assertTrue(run.status() == 0 || run.status() == 1, run::describe);
        victim.assertUntouched();
    }

    /** {@code /swap} is a directory, and {@code /link} leads out of the root, in the same place. */
    private Bundle swapped() {
        var bundle = Bundle.busybox().directory("/shared/swap").link("/swap", "/shared/swap");
        // Relative, as a process outside of the root would resolve it.
        String out = bundle.inside("/shared").relativize(victim.directory()).toString();
        bundle.link("/shared/link", out);
        return bundle.set("/linux/rootfsPropagation", "rshared");
    }

    private static Swapper swapper(Bundle bundle) {
        return new Swapper(bundle.inside("/shared"), "swap", "link");
    }

    /**
     * Makes containers, each with some hundred paths through what is exchanged, until there were
     * rounds enough and both states of it were met.
     *
     * @param add asks for one more path
     */
    private void race(Bundle bundle, IntConsumer add) {
        var plain = bundle.config().deepCopy();
        var files = LocalKernel.get().files();
        try (Fd held = files.open(bundle.inside("/shared/swap").toString(), OpenFlag.PATH);
                var library = new Library();
                var swapper = swapper(bundle)) {
            var outcomes =
                    new Outcomes(
                            Path.of("/proc/self/fd/" + held.number()),
                            bundle.inside("/" + victim.name()));
            int wanted = Library.rounds();
            for (int round = 0; round < wanted * 10; round += PATHS) {
                bundle.config().setAll(plain.deepCopy());
                IntStream.range(0, PATHS).forEach(add);
                library.create(bundle, made -> outcomes.note(made.initPid()))
                        .ifPresent(failure -> outcomes.failure = failure);
                outcomes.noteFiles();
                victim.assertUntouched();
                if (round >= wanted && outcomes.both()) {
                    break;
                }
            }
            assertTrue(outcomes.both(), () -> outcomes + " after " + swapper.count() + " swaps");
        }
    }

    private static Path in(Container container) {
        return Path.of("/proc/" + container.initPid() + "/root");
    }

    /** Where paths through {@code /swap} have led: into the directory, and after the link. */
    private final class Outcomes {
        private final Path swapped;
        private final Path linked;
        private boolean directory;
        private boolean link;
        private Failure failure;

        /**
         * @param swapped the directory, under a name that it keeps
         */
        private Outcomes(Path swapped, Path linked) {
            this.swapped = swapped;
            this.linked = linked;
        }

        private void note(int pid) {
            String mounts = Host.proc(pid, "mountinfo").orElseThrow();
            directory |= mounts.contains(" /shared/swap") || mounts.contains(" /shared/link");
            link |= mounts.contains(" /" + victim.name());
        }

        /** What was made inside stays when the container is gone. */
        private void noteFiles() {
            directory |= holdsOurs(swapped);
            link |= holdsOurs(linked);
        }

        private boolean holdsOurs(Path directory) {
            String token = Sandbox.current().token();
            String[] names = directory.toFile().list((in, name) -> name.startsWith(token));
            return names != null && names.length > 0;
        }

        private boolean both() {
            return directory && link;
        }

        @Override
        public String toString() {
            return "directory: " + directory + ", link: " + link + ", last failure: " + failure;
        }
    }
}
