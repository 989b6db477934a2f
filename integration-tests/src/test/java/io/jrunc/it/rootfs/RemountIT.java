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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes to earlier mounts. Source: runtime-spec config.md#linux-mount-options, mount(8). */
@Requires(ROOT)
class RemountIT {
    private static final String OPTION = "mounts.options=remount";
    private static final String OPTIONS_OF_DATA = "awk '$5 == \"/data\"' /proc/self/mountinfo";

    @Test
    @Shows(OPTION)
    void boundMountBecomesReadOnly() throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        Files.writeString(source.resolve("f"), "x\n");
        var bundle = Bundle.busybox().bind(source, "/data", "nosuid");
        bundle.mount("/data", "bind", source.toString(), "remount", "bind", "ro");

        Result mounts = bundle.sh(OPTIONS_OF_DATA + "; cat /data/f; touch /data/new");

        assertEquals(2, mounts.stdout().lines().count(), mounts::describe);
        mounts.failsWith("Read-only file system");
        assertEquals("x", mounts.stdout().lines().toList().get(1));
    }

    @Test
    @Requires(JRUNC) // runc has to say everything anew, and so clears what is not said
    @Shows(OPTION)
    void whatIsNotNamedStays() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", "nosuid", "nodev", "noexec");
        bundle.mount("/data", "", "", "remount", "bind", "ro", "exec");

        Result options = bundle.sh(OPTIONS_OF_DATA + " | cut -d' ' -f6");

        assertEquals("ro,nosuid,nodev,relatime", options.output());
    }

    @Test
    @Shows(OPTION)
    void fileSystemItselfIsChanged() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", "size=1m");
        bundle.mount("/data", "tmpfs", "t", "remount", "size=2m");

        assertEquals("2048", bundle.sh("df -k /data | awk 'END {print $2}'").output());
    }

    @Test
    @Shows(OPTION)
    void withoutBindTheFileSystemBecomesReadOnly() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t");
        bundle.mount("/data", "tmpfs", "t", "remount", "ro");

        Result mount = bundle.sh(OPTIONS_OF_DATA + " | sed 's/.* - //' | cut -d' ' -f3");

        assertEquals("ro", mount.output().split(",", -1)[0], mount::describe);
    }

    @Test
    @Shows(OPTION)
    void withBindItDoesNot() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t");
        bundle.mount("/data", "bind", "/tmp", "remount", "bind", "ro");

        Result mount =
                bundle.sh(
                        OPTIONS_OF_DATA
                                + " | sed 's/ - / /' | awk '{print $6; print $NF}' | cut -d, -f1");

        assertEquals(List.of("ro", "rw"), mount.lines());
    }

    @Test
    @Requires(JRUNC) // runc makes a tmpfs read-only at the end, whatever came between
    @Shows(OPTION)
    void readOnlyTmpfsBecomesWritableAgain() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", "ro");
        bundle.mount("/data", "tmpfs", "t", "remount", "rw");

        assertEquals("ok", bundle.sh("touch /data/f && echo ok").output());
    }

    @Test
    @Shows(OPTION)
    void devBecomesReadOnlyWhenItsDevicesAreThere() {
        var bundle = Bundle.busybox().mount("/dev", "tmpfs", "tmpfs", "remount", "ro");

        Result look = bundle.sh("echo x > /dev/null && echo ok; touch /dev/new");

        assertEquals("ok\n", look.stdout());
        look.failsWith("Read-only file system");
    }

    @Test
    @Requires(JRUNC) // runc makes the directory, and prints the error of mount(2)
    void whereNothingIsMountedNothingCanBeChanged() {
        var bundle = Bundle.busybox().directory("/data");
        bundle.mount("/data", "tmpfs", "t", "remount", "ro");

        bundle.run("true").failsWith("mounts\\[7\\].options", "nothing is mounted at .*/data");
    }

    @Test
    @Requires(JRUNC)
    void fileSystemOfTheHostIsNotChangedFromAUserNamespace() {
        Path source = Sandbox.current().freshDirectory("source");
        var bundle = Bundle.busybox().userNamespace(100000, 65536).directory("/data");
        bundle.bind(source, "/data").mount("/data", "", "", "remount", "ro");

        bundle.run("true").failsWith("/data", "add bind");
    }

    @Test
    @Requires(JRUNC)
    void unknownOptionIsRefusedByTheFileSystem() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t");
        bundle.mount("/data", "tmpfs", "t", "remount", "zebra=1");

        bundle.run("true").failsWith("/data", "EINVAL", "zebra");
    }
}
