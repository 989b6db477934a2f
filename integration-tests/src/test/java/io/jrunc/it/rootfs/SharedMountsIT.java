// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A container without a mount namespace has the runtime's. Source: runtime-spec
 * config-linux.md#namespaces.
 */
@Requires({ROOT, JRUNC}) // runc leaves its mounts behind, and changes the propagation of the host's
class SharedMountsIT {
    private static final String NAMESPACE = "readlink /proc/self/ns/mnt";

    private static Bundle shared() {
        var bundle = Bundle.busybox().withoutNamespace("mount").writable();
        return bundle.remove("/linux/maskedPaths").remove("/linux/readonlyPaths");
    }

    private static List<String> mounts() {
        return Host.proc(ProcessHandle.current().pid(), "mountinfo").orElseThrow().lines().toList();
    }

    @Test
    @Shows("linux.namespaces.type=mount")
    void namespaceIsTheRuntimesAndNothingOfItIsLeft() throws Exception {
        List<String> before = mounts();

        Result run =
                shared().sh(NAMESPACE + "; pwd; stat -c %t:%T /dev/null; cat /proc/1/comm; ls /");

        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
        assertEquals(List.of(own, "/", "1:3", "sh"), run.lines().subList(0, 4));
        assertTrue(run.lines().contains("bin") && !run.lines().contains("boot"), run::describe);
        assertEquals(before, mounts());
    }

    @Test
    @Shows("linux.namespaces.type=mount")
    void furtherProcessesHaveTheContainersRoot() throws Exception {
        Container container = shared().file("/mine", "x").start("sleep", "60");

        Result exec = container.exec("sh", "-c", "cat /mine; " + NAMESPACE);

        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
        assertEquals("x" + own, exec.output());
        assertEquals(0, container.delete("--force").status());
        assertEquals(List.of(), Host.mounts(Sandbox.current().token()));
    }

    @Test
    @Shows("linux.namespaces.type=mount")
    void mountsGoIfItIsNotMadeAfterAll() {
        List<String> before = mounts();

        shared().run("/no/such").failsWith("no such file");

        assertEquals(before, mounts());
    }

    @Test
    void changesOfTheHostsMountsAreRefused() {
        Bundle.busybox()
                .withoutNamespace("mount")
                .run("true")
                .failsWith("linux.maskedPaths", "needs a mount namespace");
    }
}
