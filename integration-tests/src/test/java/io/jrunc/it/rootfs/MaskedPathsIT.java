// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The read-only root, masked and read-only paths. Source: runtime-spec config.md#root,
 * config-linux.md#masked-paths, #readonly-paths.
 */
@Requires(ROOT)
class MaskedPathsIT {
    @Test
    @Shows("root.readonly")
    void readOnlyRootCannotBeWritten() {
        Bundle.busybox().run("touch", "/new").failsWith("Read-only file system");
    }

    @Test
    void readOnlyRootLeavesOtherMountsWritable() {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs");

        bundle.sh("echo x > /scratch/f && echo x > /dev/shm/f").output();
    }

    @Test
    @Shows("root.path")
    void writableRootIsTheBundles() {
        var bundle = Bundle.busybox().writable();

        bundle.sh("echo x > /new").output();

        assertTrue(Files.exists(bundle.inside("/new")));
    }

    @Test
    @Shows("linux.maskedPaths")
    void maskedFileReadsAsEmpty() {
        var bundle = Bundle.busybox().file("/secret", "x").add("/linux/maskedPaths", "/secret");

        assertEquals("", bundle.run("cat", "/secret").output());
    }

    @Test
    void maskedFileSwallowsWhatIsWritten() throws IOException {
        var bundle = Bundle.busybox().writable().file("/secret", "x");

        bundle.add("/linux/maskedPaths", "/secret").sh("echo lost > /secret").output();

        assertEquals("x", Files.readString(bundle.inside("/secret")));
    }

    @Test
    @Shows("linux.maskedPaths")
    void maskedDirectoryIsEmptyAndReadOnly() {
        var bundle = Bundle.busybox().writable().file("/secret/inner", "x");
        bundle.add("/linux/maskedPaths", "/secret");

        Result look = bundle.sh("ls -A /secret; touch /secret/new");

        assertEquals("", look.stdout());
        look.failsWith("Read-only file system");
    }

    @Test
    @Shows("linux.maskedPaths")
    void maskedPathThatIsMissingIsSkipped() {
        var bundle = Bundle.busybox().add("/linux/maskedPaths", "/no/such/file");

        assertEquals(0, bundle.run("echo").status());
    }

    @Test
    void maskedPathIsFollowedInsideTheRootOnly() throws IOException {
        Path secret = Files.writeString(Sandbox.current().freshFile("secret"), "the host's");
        var bundle = Bundle.busybox().link("/link", secret.toString()).file("/real", "x");
        bundle.link("/other", "/real").add("/linux/maskedPaths", "/link", "/other");

        assertEquals("", bundle.run("cat", "/real").output());
        assertEquals("the host's", Files.readString(secret));
    }

    @Test
    void defaultMasksHideTheKernelsSecrets() {
        Result look = Bundle.busybox().sh("cat /proc/keys /proc/timer_list; ls -A /sys/firmware");

        assertEquals("", look.output());
    }

    @Test
    @Shows("linux.readonlyPaths")
    void readOnlyFileAndDirectoryCannotBeWritten() {
        var bundle = Bundle.busybox().writable().file("/fixed/inner", "x").file("/file", "x");
        bundle.add("/linux/readonlyPaths", "/fixed", "/file");

        Result write =
                bundle.sh(
                        "cat /file /fixed/inner; for f in /file /fixed/inner /fixed/new;"
                                + " do echo y > $f; done; touch /elsewhere && echo ok");

        assertEquals("xxok", write.output());
        assertEquals(3, write.stderr().split("Read-only file system", -1).length - 1);
    }

    @Test
    @Shows("linux.readonlyPaths")
    void readOnlyPathKeepsTheRestrictionsOfItsMount() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", "nosuid", "nodev", "noexec");
        bundle.add("/linux/readonlyPaths", "/data");

        Result options = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");

        assertEquals("ro,nosuid,nodev,noexec,relatime", options.lines().get(1));
    }

    @Test
    @Shows("linux.readonlyPaths")
    void readOnlyPathThatIsMissingIsSkipped() {
        var bundle = Bundle.busybox().add("/linux/readonlyPaths", "/no/such/file");

        assertEquals(0, bundle.run("true").status());
    }

    @Test
    void systemControlsAreReadOnly() {
        Bundle.busybox()
                .sh("echo x > /proc/sys/kernel/domainname")
                .failsWith("Read-only file system");
    }
}
