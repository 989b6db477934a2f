// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequiredControllersTest {
    private static final Hierarchies V1 =
            new Hierarchies(List.of(new Hierarchy(List.of("memory"), "/sys/fs/cgroup/m", "/")));

    private static Resources resources(String json) {
        return SpecReader.readResources(json.getBytes(StandardCharsets.UTF_8), "resources");
    }

    @Test
    void whatEnginesWriteForNotSetNeedsNoController() {
        Resources unset =
                resources(
                        "{\"memory\": {\"limit\": 0, \"disableOOMKiller\": false},"
                                + " \"cpu\": {\"shares\": 0, \"realtimeRuntime\": 0},"
                                + " \"blockIO\": {\"weight\": 0, \"leafWeight\": 0},"
                                + " \"network\": {\"classID\": 0}}");

        assertEquals(Set.of(), RequiredControllers.of(unset).keySet());
    }

    @Test
    void eachLimitNeedsItsController() {
        Resources all =
                resources(
                        "{\"memory\": {\"limit\": 1000}, \"pids\": {\"limit\": 5},"
                                + " \"cpu\": {\"cpus\": \"0\", \"idle\": 1},"
                                + " \"blockIO\": {\"weight\": 10},"
                                + " \"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 1}],"
                                + " \"rdma\": {\"x\": {\"hcaHandles\": 1}},"
                                + " \"network\": {\"classID\": 5, \"priorities\":"
                                + " [{\"name\": \"lo\", \"priority\": 1}]}}");

        assertEquals(
                Set.of(
                        "memory",
                        "pids",
                        "cpu",
                        "cpuset",
                        "blkio",
                        "hugetlb",
                        "rdma",
                        "net_cls",
                        "net_prio"),
                RequiredControllers.of(all).keySet());
    }

    @Test
    void limitWithoutItsControllerIsRefusedByName() {
        Resources pids = resources("{\"pids\": {\"limit\": 5}}");

        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> CgroupSetup.of(V1, Optional.empty(), "web1", pids, false, false));

        assertEquals(
                "linux.resources.pids: needs the controller pids, which is not mounted here;"
                        + " mount it or remove the limit",
                failure.getMessage());
    }
}
