// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where bind mounts find what they show. Source: runtime-spec config.md#mounts. */
@Requires(ROOT)
class MountSourcesIT {
    private static final int FIRST = 100000;

    /** The container's root lacks the permission; the runtime, which opens the source, has it. */
    @Test
    @Shows("mounts.source")
    void sourceMayLieWhereTheContainersRootMayNotGo() throws IOException {
        Path source = hidden();
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536).directory("/data");
        bundle.file("/file", "").bind(source, "/data").bind(source.resolve("f"), "/file", "ro");

        Result read = bundle.sh("cat /data/f /file; echo x > /file");

        assertEquals("open\nopen\n", read.stdout());
        read.failsWith("Read-only file system");
    }

    @Test
    @Shows("mounts.source")
    void whatIsMountedBelowAHiddenSourceComesAlong() throws IOException {
        Path source = hidden();
        Path below = Files.createDirectory(source.resolve("below"));
        Sandbox.current().command("mount", "-t", "tmpfs", "tmpfs", below.toString()).run().output();
        try {
            Files.writeString(below.resolve("f"), "below\n");
            var bundle = Bundle.busybox().userNamespace(FIRST, 65536).directory("/data");
            bundle.bind(source, "/data", "rbind");

            assertEquals("below", bundle.run("cat", "/data/below/f").output());
        } finally {
            Sandbox.current().command("umount", "-l", below.toString()).run().output();
        }
    }

    @Test
    @Requires(JRUNC) // runc 1.1 says EPERM
    @Shows("mounts.options=dev")
    void flagThatTheUserNamespaceLockedIsNotCleared() throws IOException {
        Path source = Sandbox.current().freshDirectory("locked");
        var mount =
                Sandbox.current().command("mount", "-t", "tmpfs", "-o", "nodev", "t", source + "");
        mount.run().output();
        try {
            var bundle = Bundle.busybox().userNamespace(FIRST, 65536).directory("/data");

            bundle.bind(source, "/data", "dev")
                    .run("true")
                    .failsWith("bind .* at /data", "EPERM", "may have locked an attribute");
        } finally {
            Sandbox.current().command("umount", "-l", source.toString()).run().output();
        }
    }

    /** No option clears it, and the kernel would refuse to. */
    @Test
    @Shows("mounts.options=ro")
    void flagThatTheUserNamespaceLockedStays() throws IOException {
        Path source = hidden();
        String flags = "nodev,nosuid,noexec,noatime";
        var mount =
                Sandbox.current().command("mount", "-t", "tmpfs", "-o", flags, "t", source + "");
        mount.run().output();
        try {
            var bundle = Bundle.busybox().userNamespace(FIRST, 65536).directory("/data");
            bundle.bind(source, "/data", "ro");

            Result options = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");

            assertEquals("ro,nosuid,nodev,noexec,noatime", options.output());
        } finally {
            Sandbox.current().command("umount", "-l", source.toString()).run().output();
        }
    }

    /** Flags that the host has locked stay locked, whichever process opened the source. */
    @Test
    @Requires(JRUNC)
    @Shows("mounts.source")
    void rootInsideCannotClearTheFlagsOfAHiddenSource() throws IOException {
        Path source = hidden();
        var mount =
                Sandbox.current()
                        .command("mount", "-t", "tmpfs", "-o", "nodev,ro", "t", source + "");
        mount.run().output();
        try {
            var bundle = Bundle.busybox().userNamespace(FIRST, 65536).directory("/data");
            bundle.directory("/own").mount("/own", "tmpfs", "tmpfs", "nodev");
            bundle.bind(source, "/data").capabilities("CAP_SYS_ADMIN");

            Result remount =
                    bundle.sh(
                            "mount -o remount,bind,dev /own && echo cleared;"
                                    + " mount -o remount,bind,rw,dev /data || echo locked");

            assertEquals(List.of("cleared", "locked"), remount.lines());
        } finally {
            Sandbox.current().command("umount", "-l", source.toString()).run().output();
        }
    }

    @Test
    @Shows("mounts.source")
    void sourceMayBeWhatAnEarlierMountPutThere() throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        Files.writeString(source.resolve("f"), "first\n");
        var bundle = Bundle.busybox();
        bundle.bind(source, "/first").bind(bundle.inside("/first"), "/second");

        assertEquals("first", bundle.run("cat", "/second/f").output());
    }

    @Test
    @Shows("mounts.source")
    void socketsAndDevicesAreBoundOnFiles() {
        Path pipe = Sandbox.current().freshFile("pipe");
        Sandbox.current().command("mkfifo", pipe.toString()).run().output();
        var bundle = Bundle.busybox().bind(pipe, "/run/pipe").bind(Path.of("/dev/zero"), "/zero");

        Result kinds = bundle.run("stat", "-c", "%F", "/run/pipe", "/zero");

        assertEquals(List.of("fifo", "character special file"), kinds.lines());
    }

    /** Creates a file that all may read, in a directory that only the host's root may search. */
    private static Path hidden() throws IOException {
        Path above = Sandbox.current().freshDirectory("above");
        Path source = Files.createDirectory(above.resolve("source"));
        Files.writeString(source.resolve("f"), "open\n");
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx------"));
        return source;
    }
}
