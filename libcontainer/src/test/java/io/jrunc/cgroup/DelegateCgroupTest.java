// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The owner of a delegated cgroup. Source: runtime-spec config-linux.md#cgroup-ownership. */
class DelegateCgroupTest {
    private static final Hierarchy V2 = new Hierarchy(List.of(), "/sys/fs/cgroup", "/");
    private static final Hierarchy V1 = new Hierarchy(List.of("pids"), "/sys/fs/cgroup/pids", "/");
    private static final String MAPPED =
            "{\"type\": \"user\"}], \"uidMappings\": ["
                    + "{\"containerID\": 0, \"hostID\": 100000, \"size\": 1000}], \"x\": [";

    private static String owner(String options, String namespaces, int uid, Hierarchy... all) {
        String json =
                """
                {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
                 "process": {"cwd": "/", "args": ["sh"], "user": {"uid": %d, "gid": 0}},
                 "mounts": [{"destination": "/sys/fs/cgroup/", "type": "cgroup",
                             "source": "cgroup", "options": [%s]}],
                 "linux": {"namespaces": [{"type": "mount"}, %s]}}
                """
                        .formatted(uid, options, namespaces);
        Spec spec = SpecReader.read(json.getBytes(StandardCharsets.UTF_8));
        CgroupSetup cgroups =
                CgroupSetup.of(
                        new Hierarchies(List.of(all)),
                        Optional.of("/web1"),
                        "web1",
                        spec.linux().resources(),
                        false,
                        false);
        return DelegateCgroup.of(spec, cgroups).map(DelegateCgroup::title).orElse("none");
    }

    @Test
    void containersUserOwnsWhatItMayWrite() {
        String title = "make uid 1000 the owner of cgroup /sys/fs/cgroup/web1";

        assertEquals(title, owner("\"rw\"", "{\"type\": \"cgroup\"}", 1000, V2));
        assertEquals(title, owner("\"ro\", \"rw\"", "{\"type\": \"cgroup\"}", 1000, V2));
    }

    @Test
    void rootOwnsItAnyway() {
        assertEquals("none", owner("\"rw\"", "{\"type\": \"cgroup\"}", 0, V2));
    }

    @Test
    void ownerIsTheUidOnTheHost() {
        String cgroup = "{\"type\": \"cgroup\"}, ";

        assertEquals(
                "make uid 100000 the owner of cgroup /sys/fs/cgroup/web1",
                owner("\"rw\"", cgroup + MAPPED, 0, V2));
        assertEquals("none", owner("\"rw\"", cgroup + MAPPED, 1000, V2));
    }

    @Test
    void whatIsReadOnlyOrShownWithWhatIsAboveStaysTheHosts() {
        assertEquals("none", owner("\"ro\"", "{\"type\": \"cgroup\"}", 1000, V2));
        assertEquals("none", owner("\"rw\"", "{\"type\": \"ipc\"}", 1000, V2));
        assertEquals(
                "none",
                owner(
                        "\"rw\"",
                        "{\"type\": \"cgroup\", \"path\": \"/proc/1/ns/cgroup\"}",
                        1000,
                        V2));
    }

    @Test
    void v1IsNotSafeToDelegate() {
        assertEquals("none", owner("\"rw\"", "{\"type\": \"cgroup\"}", 1000, V1));
        assertEquals("none", owner("\"rw\"", "{\"type\": \"cgroup\"}", 1000, V1, V2));
    }
}
