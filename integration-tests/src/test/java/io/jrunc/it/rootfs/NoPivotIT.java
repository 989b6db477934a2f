// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --no-pivot}, for hosts that live in their initramfs. Source: runc-run(8). */
@Requires(ROOT)
class NoPivotIT {
    private static final String LOOK =
            "ls -d /bin /proc/1; echo x > /dev/null; touch /new; ls /tmp; echo end";

    @Test
    void containerRunsAsWithPivot() {
        var with = Bundle.busybox().file("/tmp/mine", "x");
        var without = Bundle.busybox().file("/tmp/mine", "x");

        Result moved = moved(without, LOOK);

        assertEquals(with.sh(LOOK).stdout(), moved.stdout());
        assertTrue(moved.stdout().contains("mine\nend"), moved::describe);
    }

    @Test
    @Shows("root.readonly")
    void rootIsReadOnly() {
        moved(Bundle.busybox(), "touch /new").failsWith("Read-only file system");
    }

    @Test
    @Shows("linux.maskedPaths")
    void pathsAreMasked() {
        assertEquals("", moved(Bundle.busybox(), "cat /proc/keys").output());
    }

    /**
     * A user namespace inside may mount a procfs if one is visible without anything masked. The
     * container's own is not such a one, and the host's would be.
     */
    @Test
    @Requires(JRUNC) // runc 1.1 leaves the host's proc there
    void processesInsideCannotMountAProcWithoutMasks() {
        String mount = "unshare -U -r -m -p -f mount -t proc proc /mnt && echo mounted";
        var masked = Bundle.busybox().user(1000, 1000).directory("/mnt");
        var open = Bundle.busybox().user(1000, 1000).directory("/mnt");
        open.set("/linux/maskedPaths", List.of()).set("/linux/readonlyPaths", List.of());

        assertEquals("mounted", moved(open, mount).output());
        moved(masked, mount).failsWith("permission denied");
    }

    @Test
    void execFindsTheRoot() {
        var bundle = Bundle.busybox().file("/tmp/mine", "x");
        Container container = bundle.args("sleep", "60").container();
        Result create = container.create("--no-pivot");
        assertEquals(0, create.status(), create::describe);
        container.start();

        Path root = Path.of("/proc/" + container.pid() + "/root");

        assertTrue(Files.exists(root.resolve("tmp/mine")));
    }

    @Test
    void hostKeepsItsMounts() throws IOException {
        String before = Files.readString(Path.of("/proc/self/mountinfo"));

        moved(Bundle.busybox(), "true").output();

        assertEquals(before, Files.readString(Path.of("/proc/self/mountinfo")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "rprivate"})
    @Shows("linux.rootfsPropagation")
    void privateMountsAreRefused(String propagation) {
        var bundle = Bundle.busybox().set("/linux/rootfsPropagation", propagation);

        moved(bundle, "true").failsWith("private|pivot");
    }

    private static Result moved(Bundle bundle, String script) {
        bundle.args("sh", "-c", script);
        List<String> command = List.of("run", "--no-pivot", Sandbox.current().freshId());
        return bundle.invoke(command).run();
    }
}
