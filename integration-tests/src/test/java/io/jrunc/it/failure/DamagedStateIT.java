// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.failure;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of a container's state directory are cut off, overwritten or lost, as after a full disk.
 * The sandbox verifies that nothing of the container remains.
 */
@Requires({ROOT, JRUNC})
class DamagedStateIT {
    private static final List<String> FILES =
            List.of("state.json", "state.copy", "config.json", "start.batch");

    private static Path file(Container container, String name) {
        return Sandbox.current().root().resolve(container.id()).resolve(name);
    }

    private static void cut(Container container, String name) throws IOException {
        Path file = file(container, name);
        if (Files.isRegularFile(file)) {
            Files.write(file, new byte[0]);
        }
    }

    private static Bundle bundle() {
        String cgroup = "/" + Sandbox.current().freshId();
        return Bundle.busybox().set("/linux/cgroupsPath", cgroup);
    }

    private static void assertDeleted(Container container) {
        Result delete = container.delete("--force");

        assertEquals(0, delete.status(), delete::describe);
        assertFalse(delete.stderr().contains("bug"), delete::describe);
        assertFalse(Sandbox.current().knows(container.id()));
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "state.copy", "config.json", "start.batch"})
    void createdContainerWithAnEmptyFileIsDeletedWithAllThatBelongsToIt(String name)
            throws IOException {
        Container container = bundle().create("sleep", "60");
        cut(container, name);

        assertDeleted(container);
    }

    /** Its cgroup is not named by the specification, but follows from the caller's. */
    @Test
    void runningContainerWithAnEmptyStateIsStillAContainer() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");
        cut(container, "state.json");

        assertEquals("running", container.status());
        assertEquals("alive", container.exec("echo", "alive").output());
        assertDeleted(container);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stateThatIsLostLeavesTheCgroupToFindItBy(boolean started) throws IOException {
        Bundle bundle = bundle();
        Container container = started ? bundle.start("sleep", "60") : bundle.create("sleep", "60");
        cut(container, "state.json");
        Files.delete(file(container, "state.copy"));

        String refusal = container.delete().failure();

        assertTrue(refusal.contains("state.json of container " + container.id()), refusal);
        assertTrue(refusal.contains("delete --force"), refusal);
        assertDeleted(container);
    }

    /** Its cgroup is unknown: it is found by its socket. */
    @Test
    void createdContainerIsFoundByItsSocketAlone() throws IOException {
        Bundle bundle = Bundle.busybox().args("sleep", "60");
        Container container = bundle.container();
        assertEquals(
                "",
                bundle.invoke("--cgroup-manager", "disabled", "create", container.id())
                        .run()
                        .output());
        cut(container, "state.json");
        cut(container, "state.copy");

        assertDeleted(container);
    }

    @Test
    void everythingEmptyAtOnceIsDeletedAsWell() throws IOException {
        Container container = Bundle.busybox().create("sleep", "60");
        for (String name : FILES) {
            cut(container, name);
        }

        assertDeleted(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"})
    void startOfADamagedBatchNamesItAndTheRemedy(String content) throws IOException {
        Container container = Bundle.busybox().create("sleep", "60");
        Files.writeString(file(container, "start.batch"), content);

        String refusal = container.start().failure();

        assertTrue(refusal.contains("start.batch of container " + container.id()), refusal);
        assertTrue(refusal.contains("delete --force"), refusal);
        assertEquals("created", container.status());
        assertDeleted(container);
    }

    @Test
    void updateGoesOnWithoutTheRecordOfEarlierOnes() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");
        assertEquals(0, container.update("--pids-limit", "50").status());
        assertNotEquals(0, Files.size(file(container, "resources.json")));
        cut(container, "resources.json");

        Result update = container.update("--pids-limit", "60");

        assertEquals(0, update.status(), update::describe);
        assertTrue(update.stderr().contains("resources.json"), update::describe);
        assertEquals(0, container.update("--pids-limit", "70").status());
        assertDeleted(container);
    }
}
