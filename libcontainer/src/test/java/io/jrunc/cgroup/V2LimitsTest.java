package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import java.nio.file.Path;
import java.util.List;
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
    };

    @TempDir Path directory;

    private List<String> written(String resources) {
        return new FakeCgroup(directory, ALL)
                .written((dir, r) -> V2Limits.apply(dir, r, false), resources);
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
            assertEquals(row[1], V2Limits.weight(row[0]), "cpu.shares " + row[0]);
        }
    }

    @Test
    void moreSharesAreNeverLessWeight() {
        long last = 0;
        for (long shares = 2; shares <= 262144; shares++) {
            long weight = V2Limits.weight(shares);
            assertTrue(weight >= last && weight >= 1 && weight <= 10000, "cpu.shares " + shares);
            last = weight;
        }
    }

    @Test
    void swapIsWhatExceedsMemory() {
        assertEquals("100", V2Limits.swapWord(100, 200));
        assertEquals("0", V2Limits.swapWord(100, 100));
        assertEquals("max", V2Limits.swapWord(100, -1));
        assertEquals("max", V2Limits.swapWord(-1, -1));
        assertEquals("max", V2Limits.swapWord(0, -1));
        assertEquals("500", V2Limits.swapWord(-1, 500));
    }

    @Test
    void swapWithoutOrBelowAMemoryLimitIsRefused() {
        assertEquals(
                "linux.resources.memory.swap: 5 is set without a memory limit;"
                        + " set linux.resources.memory.limit as well",
                assertThrows(Failure.class, () -> V2Limits.swapWord(0, 5)).getMessage());
        assertEquals(
                "linux.resources.memory.swap: 5 is below the memory limit 6;"
                        + " it is the sum of memory and swap: write at least 6",
                assertThrows(Failure.class, () -> V2Limits.swapWord(6, 5)).getMessage());
    }

    @Test
    void memoryIsWritten() {
        assertEquals(
                List.of("memory.max 1000", "memory.low 500", "memory.swap.max 24"),
                written("{\"memory\": {\"limit\": 1000, \"reservation\": 500, \"swap\": 1024}}"));
        assertEquals(
                List.of("memory.max max", "memory.low max", "memory.swap.max max"),
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
    void controllerThatIsMissingIsAFailureUnlessV1HasIt() {
        String limits = "{\"pids\": {\"limit\": 5}, \"memory\": {\"limit\": 1000}}";
        FakeCgroup onlyMemory = new FakeCgroup(directory, "memory.max");

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                onlyMemory.written(
                                        (dir, r) -> V2Limits.apply(dir, r, false), limits));

        assertEquals(
                "cgroup has no pids.max; its controller is not available here",
                failure.getMessage());
        assertEquals(
                List.of("memory.max 1000"),
                onlyMemory.written((dir, r) -> V2Limits.apply(dir, r, true), limits));
    }

    @Test
    void withoutSwapAccountingOnlyARealSwapLimitIsAFailure() {
        FakeCgroup noSwap = new FakeCgroup(directory, "memory.max");

        assertEquals(
                List.of("memory.max 1000"),
                noSwap.written(
                        (dir, r) -> V2Limits.apply(dir, r, false),
                        "{\"memory\": {\"limit\": 1000, \"swap\": -1}}"));
        assertThrows(
                Failure.class,
                () ->
                        noSwap.written(
                                (dir, r) -> V2Limits.apply(dir, r, false),
                                "{\"memory\": {\"limit\": 1000, \"swap\": 1500}}"));
    }
}
