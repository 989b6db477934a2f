// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A root file system that is a shared mount of the host, as those of containerd are. Source:
 * runtime-spec config-linux.md#rootfs-mount-propagation, mount_namespaces(7).
 */
@Requires(ROOT)
class RootPropagationIT {
    private static final String LOOK = "awk '$5 == \"/\" {print $7}' /proc/self/mountinfo";

    private Bundle bundle;
    private String rootfs;

    @BeforeEach
    void mountRootfs() {
        bundle = Bundle.busybox();
        rootfs = bundle.rootfs().toString();
        Sandbox.current().command("mount", "--bind", rootfs, rootfs).run().output();
        Sandbox.current().command("mount", "--make-shared", rootfs).run().output();
    }

    @AfterEach
    void unmount() {
        Sandbox.current().command("umount", "-l", rootfs).run().output();
    }

    @ParameterizedTest
    @CsvSource({
        "shared, shared",
        "rshared, shared",
        "slave, master",
        "rslave, master",
        "private, -",
        "rprivate, -",
        "unbindable, unbindable",
        "runbindable, unbindable"
    })
    @Requires(JRUNC) // runc 1.1 makes the root's parent private in other ways
    @Shows({
        "linux.rootfsPropagation=shared",
        "linux.rootfsPropagation=rshared",
        "linux.rootfsPropagation=slave",
        "linux.rootfsPropagation=rslave",
        "linux.rootfsPropagation=private",
        "linux.rootfsPropagation=rprivate",
        "linux.rootfsPropagation=unbindable",
        "linux.rootfsPropagation=runbindable"
    })
    void rootIsAsWritten(String propagation, String shown) {
        bundle.set("/linux/rootfsPropagation", propagation);

        assertEquals(shown, bundle.sh(LOOK).output().replaceAll(":.*", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shared",
                "rshared",
                "slave",
                "rslave",
                "private",
                "rprivate",
                "unbindable",
                "runbindable"
            })
    @Shows("linux.rootfsPropagation")
    void mountsOfTheContainerNeverPropagateToTheHost(String propagation) {
        bundle.set("/linux/rootfsPropagation", propagation);
        bundle.mount("/data", "tmpfs", "t").start("sleep", "60");

        assertEquals(List.of(rootfs), Host.mounts(Sandbox.current().token()));
    }

    @Test
    @Shows("linux.rootfsPropagation")
    void withoutItTheRootIsASlave() {
        bundle.remove("/linux/rootfsPropagation");

        assertEquals("master", bundle.sh(LOOK).output().replaceAll(":.*", ""));
    }

    @Test
    void unknownOneIsRefused() {
        bundle.set("/linux/rootfsPropagation", "zebra").run("true").failsWith("ropagation");
    }
}
