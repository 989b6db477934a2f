// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.testkit.FakeCgroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Source: kernel documentation, admin-guide/cgroup-v2. */
class V2LimitsTest {
    private static final String[] ALL = {
        "pids.max",
        "memory.max",
        "memory.low",
        "memory.swap.max",
        "cpu.max",
        "cpu.weight",
        "cpuset.cpus",
        "cpuset.mems",
        "cpu.idle",
        "cpu.max.burst",
        "io.weight",
        "io.max",
        "hugetlb.2MB.max",
        "hugetlb.2MB.rsvd.max",
        "rdma.max",
        "memory.high",
    };

    @TempDir Path directory;

    private List<String> written(String resources) {
        return new FakeCgroup(directory, ALL)
                .written((dir, r) -> V2Limits.apply(dir, r, Set.of()), resources);
    }

    @Test
    void sharesBecomeWeightsAsOtherRuntimesCompute() {
        long[][] table = {
            {0, 1},
            {1, 1},
            {2, 1},
            {3, 2},
            {512, 59},
            {1024, 100},
            {2048, 174},
            {262144, 10000},
            {262143, 10000},
            {300000, 10000},
            {Long.MAX_VALUE, 10000},
        };
        for (long[] row : table) {
            assertEquals(row[1], CpuController.weight(row[0]), "cpu.shares " + row[0]);
        }
    }

    @Test
    void moreSharesAreNeverLessWeight() {
        long last = 0;
        for (long shares = 2; shares <= 262144; shares++) {
            long weight = CpuController.weight(shares);
            assertTrue(weight >= last && weight >= 1 && weight <= 10000, "cpu.shares " + shares);
            last = weight;
        }
    }

    @Test
    void swapIsWhatExceedsMemory() {
        assertEquals("100", MemoryController.swapWord(100, 200));
        assertEquals("0", MemoryController.swapWord(100, 100));
        assertEquals("max", MemoryController.swapWord(100, -1));
        assertEquals("max", MemoryController.swapWord(-1, -1));
        assertEquals("max", MemoryController.swapWord(0, -1));
        assertEquals("500", MemoryController.swapWord(-1, 500));
    }

    @Test
    void swapWithoutOrBelowAMemoryLimitIsRefused() {
        assertEquals(
                "linux.resources.memory.swap: 5 is set without a memory limit;"
                        + " set linux.resources.memory.limit as well",
                assertThrows(Failure.class, () -> MemoryController.swapWord(0, 5)).getMessage());
        assertEquals(
                "linux.resources.memory.swap: 5 is below the memory limit 6;"
                        + " it is the sum of memory and swap: write at least 6",
                assertThrows(Failure.class, () -> MemoryController.swapWord(6, 5)).getMessage());
    }

    @Test
    void memoryIsWritten() {
        assertEquals(
                List.of("memory.swap.max 24", "memory.max 1000", "memory.low 500"),
                written("{\"memory\": {\"limit\": 1000, \"reservation\": 500, \"swap\": 1024}}"));
        assertEquals(
                List.of("memory.swap.max max", "memory.max max", "memory.low max"),
                written("{\"memory\": {\"limit\": -1, \"reservation\": -1, \"swap\": -1}}"));
    }

    @Test
    void zeroIsNotSet() {
        assertEquals(
                List.of(),
                written(
                        "{\"memory\": {\"limit\": 0, \"reservation\": 0, \"swap\": 0},"
                                + " \"cpu\": {\"shares\": 0, \"quota\": 0, \"period\": 0,"
                                + " \"cpus\": \"\", \"mems\": \"\"}}"));
        assertEquals(List.of(), written("{}"));
    }

    @Test
    void processorTimeIsQuotaAndPeriodInOneLine() {
        assertEquals(List.of("cpu.max 50000 100000"), written("{\"cpu\": {\"quota\": 50000}}"));
        assertEquals(
                List.of("cpu.max 20000 40000"),
                written("{\"cpu\": {\"quota\": 20000, \"period\": 40000}}"));
        assertEquals(List.of("cpu.max max 40000"), written("{\"cpu\": {\"period\": 40000}}"));
        assertEquals(List.of("cpu.max max 100000"), written("{\"cpu\": {\"quota\": -1}}"));
        assertEquals(List.of("cpu.weight 100"), written("{\"cpu\": {\"shares\": 1024}}"));
    }

    @Test
    void processorsAndMemoryNodesAreWritten() {
        assertEquals(
                List.of("cpuset.cpus 0-1", "cpuset.mems 0"),
                written("{\"cpu\": {\"cpus\": \"0-1\", \"mems\": \"0\"}}"));
    }

    @Test
    void zeroPidsAreOne() {
        assertEquals(List.of("pids.max 1"), written("{\"pids\": {\"limit\": 0}}"));
        assertEquals(List.of("pids.max 7"), written("{\"pids\": {\"limit\": 7}}"));
        assertEquals(List.of("pids.max max"), written("{\"pids\": {\"limit\": -1}}"));
    }

    @Test
    void idleAndBurstAreWritten() {
        assertEquals(
                List.of("cpu.idle 1", "cpu.max.burst 500", "cpu.max 1000 100000"),
                written("{\"cpu\": {\"idle\": 1, \"burst\": 500, \"quota\": 1000}}"));
    }

    @Test
    void weightsOfBlockDevicesAreConvertedUnlessTheSchedulerIsBfq() {
        String io =
                "{\"blockIO\": {\"weight\": 10, \"weightDevice\":"
                        + " [{\"major\": 8, \"minor\": 0, \"weight\": 1000}]}}";

        assertEquals(List.of("io.weight 1", "io.weight 8:0 10000"), written(io));
        FakeCgroup bfq = new FakeCgroup(directory, ALL).with("io.bfq.weight", "default 100");
        assertEquals(
                List.of("io.bfq.weight 10", "io.bfq.weight 8:0 1000"),
                bfq.written((dir, r) -> V2Limits.apply(dir, r, Set.of()), io));
        FakeCgroup oldBfq = new FakeCgroup(directory, ALL).with("io.bfq.weight", "100");
        assertEquals(
                List.of("io.bfq.weight 10", "io.weight 8:0 10000"),
                oldBfq.written((dir, r) -> V2Limits.apply(dir, r, Set.of()), io));
    }

    @Test
    void blockDevicesAreThrottled() {
        assertEquals(
                List.of(
                        "io.max 8:1 rbps=5",
                        "io.max 8:1 wbps=6",
                        "io.max 8:1 riops=7",
                        "io.max 8:1 wiops=max"),
                written(
                        "{\"blockIO\": {\"throttleReadBpsDevice\":"
                                + " [{\"major\": 8, \"minor\": 1, \"rate\": 5}],"
                                + " \"throttleWriteBpsDevice\":"
                                + " [{\"major\": 8, \"minor\": 1, \"rate\": 6}],"
                                + " \"throttleReadIOPSDevice\":"
                                + " [{\"major\": 8, \"minor\": 1, \"rate\": 7}],"
                                + " \"throttleWriteIOPSDevice\":"
                                + " [{\"major\": 8, \"minor\": 1, \"rate\": 0}]}}"));
    }

    @Test
    void hugePagesAndRdmaAreLimited() {
        assertEquals(
                List.of(
                        "hugetlb.2MB.max 4194304",
                        "hugetlb.2MB.rsvd.max 4194304",
                        "rdma.max mlx5_1 hca_handle=3"),
                written(
                        "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}],"
                                + " \"rdma\": {\"mlx5_1\": {\"hcaHandles\": 3}}}"));
    }

    @Test
    void filesOfTheUnifiedHierarchyAreWrittenLastAndLineByLine() {
        assertEquals(
                List.of("memory.max 1000", "io.max 8:0 rbps=1", "io.max 8:1 rbps=2"),
                written(
                        "{\"unified\": {\"io.max\": \"8:0 rbps=1\\n8:1 rbps=2\\n\"},"
                                + " \"memory\": {\"limit\": 1000}}"));
    }

    @Test
    void fileOfAControllerThatIsNotThereIsNamed() {
        FakeCgroup cgroup =
                new FakeCgroup(directory, "memory.max").with("cgroup.controllers", "memory pids\n");

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                cgroup.written(
                                        (dir, r) -> V2Limits.apply(dir, r, Set.of()),
                                        "{\"unified\": {\"io.max\": \"8:0 rbps=1\"}}"));

        assertEquals(
                "linux.resources.unified[\"io.max\"]: the controller io is not available here;"
                        + " remove it",
                failure.getMessage());
    }

    @Test
    void controllerThatIsMissingIsAFailureUnlessV1HasIt() {
        String limits = "{\"pids\": {\"limit\": 5}, \"memory\": {\"limit\": 1000}}";
        FakeCgroup onlyMemory = new FakeCgroup(directory, "memory.max");

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                onlyMemory.written(
                                        (dir, r) -> V2Limits.apply(dir, r, Set.of()), limits));

        assertEquals(
                "cgroup has no pids.max; its controller is not available here",
                failure.getMessage());
        assertEquals(
                List.of("memory.max 1000"),
                onlyMemory.written((dir, r) -> V2Limits.apply(dir, r, Set.of("pids")), limits));
    }

    @Test
    void withoutSwapAccountingOnlyARealSwapLimitIsAFailure() {
        FakeCgroup noSwap = new FakeCgroup(directory, "memory.max");

        assertEquals(
                List.of("memory.max 1000"),
                noSwap.written(
                        (dir, r) -> V2Limits.apply(dir, r, Set.of()),
                        "{\"memory\": {\"limit\": 1000, \"swap\": -1}}"));
        assertThrows(
                Failure.class,
                () ->
                        noSwap.written(
                                (dir, r) -> V2Limits.apply(dir, r, Set.of()),
                                "{\"memory\": {\"limit\": 1000, \"swap\": 1500}}"));
    }
}
