// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.NO_RESCTRL;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.FakeResctrl;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import io.jrunc.linux.Failure;
import io.jrunc.spec.IntelRdt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real containers, and a directory in place of a resctrl file system, which few machines have.
 * Source: runtime-spec config-linux.md#intelrdt.
 */
@Requires({ROOT, JRUNC})
class IntelRdtIT {
    private static final String ID = "measured";

    private final JvmSpawner spawner = new JvmSpawner();
    private FakeResctrl resctrl;
    private Containers containers;
    private io.jrunc.host.Host host;

    @BeforeEach
    void mountResctrl() {
        resctrl = new FakeResctrl(Sandbox.current().freshDirectory("resctrl"));
        containers = new Containers(resctrl, Sandbox.current().root().toString(), spawner);
        io.jrunc.host.Host real = io.jrunc.host.Host.read(false);
        host =
                new io.jrunc.host.Host(
                        real.facts(), real.hierarchies(), Optional.of(resctrl.root().toString()));
    }

    @AfterEach
    void endHelpers() {
        spawner.close();
    }

    private io.jrunc.container.Container create(String json, String... args) {
        Bundle files = Bundle.busybox().args(args).json("/linux/intelRdt", json).write();
        var bundle =
                io.jrunc.container.model.Bundle.read(
                        resctrl, files.directory().toString(), "config.json", host.facts());
        return containers.create(ID, bundle, host, CgroupManager.disabled(), CreateOptions.plain());
    }

    private String refusal(String json) {
        String message = assertThrows(Failure.class, () -> create(json, "true")).getMessage();
        assertFalse(Sandbox.current().knows(ID), message);
        return message;
    }

    private Path file(String name) {
        return resctrl.root().resolve(name);
    }

    private String text(String name) {
        return Result.text(file(name));
    }

    @Test
    @Shows({
        "linux.intelRdt.l3CacheSchema",
        "linux.intelRdt.memBwSchema",
        "linux.intelRdt.schemata"
    })
    void ownGroupHasTheSchemataAndInitAndEndsWithTheContainer() {
        String json =
                """
                {"l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=50", "schemata": ["L2:0=3"]}
                """;

        try (var container = create(json, "sleep", "60")) {
            assertEquals("L3:0=f\nMB:0=50\nL2:0=3\n", text(ID + "/schemata"));
            assertEquals(Integer.toString(container.initPid()), text(ID + "/tasks"));
            container.start();
            container.delete(true, warning -> {});
        }

        assertFalse(Files.exists(file(ID)));
    }

    @Test
    void partsOfCachesAreUpdated() {
        try (var container = create("{\"l3CacheSchema\": \"L3:0=f\"}", "sleep", "60")) {
            container.update(parts("L3:0=3", "MB:0=20"));

            assertEquals("L3:0=3\nMB:0=20\n", text(ID + "/schemata"));
            var refused =
                    assertThrows(Failure.class, () -> container.update(parts("L3:0=0", "MB:0=1")));
            assertTrue(refused.getMessage().contains("Mask out of range"), refused.getMessage());
            container.delete(true, warning -> {});
        }
    }

    private static IntelRdt parts(String cache, String bandwidth) {
        return new IntelRdt(
                Optional.empty(), List.of(), Optional.of(cache), Optional.of(bandwidth), false);
    }

    @Test
    void partsOfAContainerWithoutAGroupAreNotUpdated() {
        Container plain = Bundle.busybox().create("sleep", "60");

        Sandbox.current()
                .runtime("update", "--l3-cache-schema", "L3:0=f", plain.id())
                .run()
                .failsWith("linux.intelRdt: is not in the container's config.json");
    }

    @Test
    @Shows("linux.intelRdt.enableMonitoring")
    void monitoringGroupIsMadeAndAlwaysRemoved() {
        resctrl.group("gold", "L3:0=f\n");
        String json = "{\"closID\": \"gold\", \"enableMonitoring\": true}";
        String monitoring = "gold/mon_groups/" + ID;

        try (var container = create(json, "sleep", "60")) {
            String pid = Integer.toString(container.initPid());
            assertEquals(pid, text("gold/tasks"));
            assertEquals(pid, text(monitoring + "/tasks"));
            container.delete(true, warning -> {});
        }

        assertFalse(Files.exists(file(monitoring)));
        assertTrue(Files.exists(file("gold")));
    }

    @Test
    @Shows("linux.intelRdt.closID")
    void namedGroupIsMadeAndStays() {
        try (var container = create("{\"closID\": \"gold\", \"schemata\": [\"L3:0=f\"]}", "true")) {
            assertEquals("L3:0=f\n", text("gold/schemata"));
            container.delete(true, warning -> {});
        }

        assertTrue(Files.exists(file("gold")));
    }

    @Test
    @Shows("linux.intelRdt.closID")
    void namedGroupThatIsAsAskedForIsJoinedAndNotWritten() {
        resctrl.group("gold", "    L3:0=0f;1=0f\n    MB:0= 50\n");

        try (var container =
                create(
                        """
                        {"closID": "gold", "l3CacheSchema": "L3:0=F", "memBwSchema": "MB:0=50"}
                        """,
                        "true")) {
            assertEquals(Integer.toString(container.initPid()), text("gold/tasks"));
            assertEquals("    L3:0=0f;1=0f\n    MB:0= 50\n", text("gold/schemata"));
            container.delete(true, warning -> {});
        }
    }

    @Test
    void namedGroupThatIsAnotherIsRefused() {
        resctrl.group("gold", "L3:0=ff\n");

        String message = refusal("{\"closID\": \"gold\", \"schemata\": [\"L3:0=f\"]}");

        assertTrue(message.contains("linux.intelRdt.closID"), message);
        assertTrue(message.contains("it has L3:0=ff"), message);
        assertEquals("L3:0=ff\n", text("gold/schemata"));
    }

    @Test
    void namedGroupWithoutSchemataMustExist() {
        String message = refusal("{\"closID\": \"gold\"}");

        assertTrue(message.contains("gold does not exist"), message);
        assertFalse(Files.exists(file("gold")));
    }

    @Test
    @Shows("linux.intelRdt.closID")
    void rootGroupIsThatOfAll() {
        try (var container = create("{\"closID\": \"/\", \"enableMonitoring\": true}", "true")) {
            assertEquals(Integer.toString(container.initPid()), text("tasks"));
            assertTrue(Files.exists(file("mon_groups/" + ID)));
            container.delete(true, warning -> {});
        }

        assertFalse(Files.exists(file("mon_groups/" + ID)));
        assertTrue(Files.exists(file("schemata")));
    }

    @Test
    void failedCreateLeavesNoGroup() {
        String json =
                "{\"closID\": \"%s\", \"schemata\": [\"L3:0=f\"], \"enableMonitoring\": true}";

        assertThrows(Failure.class, () -> create(json.formatted("gold"), "/no/such/program"));
        assertThrows(Failure.class, () -> create(json.formatted(""), "/no/such/program"));

        assertFalse(Files.exists(file("gold")));
        assertFalse(Files.exists(file(ID)));
    }

    @Test
    void groupOfAnotherContainerIsRefusedAndKept() {
        resctrl.group(ID, "L3:0=f\n");

        String message = refusal("{\"schemata\": [\"L3:0=f\"]}");

        assertTrue(message.contains("exists already"), message);
        assertEquals("L3:0=f\n", text(ID + "/schemata"));
    }

    @Test
    void explanationOfTheKernelIsPassedOn() {
        String message = refusal("{\"schemata\": [\"L3:0=0\"]}");

        assertTrue(message.endsWith("/schemata: EINVAL (Mask out of range)"), message);
        assertFalse(Files.exists(file(ID)));
    }

    @Test
    @Requires(NO_RESCTRL)
    void withoutTheFileSystemItIsRefused() {
        Bundle.busybox()
                .json("/linux/intelRdt", "{\"schemata\": [\"L3:0=f\"]}")
                .run("true")
                .failsWith("linux.intelRdt", "no resctrl file system is mounted");
    }

    @Test
    void schemaOfAnotherResourceIsRefused() {
        String message = refusal("{\"memBwSchema\": \"L3:0=f\"}");

        assertTrue(message.startsWith("linux.intelRdt.memBwSchema"), message);
    }
}
