// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.HugetlbStats;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.PressureStats.Share;
import io.jrunc.cgroup.stats.Throttling;
import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.testkit.FakeCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories with the files of cgroups, as kernels print them. */
class ReadStatsTest {
    @TempDir Path directory;
    private final Map<String, String> cgroups = new LinkedHashMap<>();

    private FakeCgroup cgroup(String key) {
        Path path = directory.resolve(key.isEmpty() ? "unified" : key);
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        cgroups.put(key, path.toString());
        return new FakeCgroup(path);
    }

    private CgroupStats read() {
        return ReadStats.of(LocalKernel.get(), cgroups).all();
    }

    private FakeCgroup unified() {
        return cgroup("").with("cgroup.procs", "1\n2\n");
    }

    @Test
    void containerWithoutCgroupsHasNoStatistics() {
        cgroups.put("memory", directory.resolve("removed").toString());

        Failure failure = assertThrows(Failure.class, this::read);

        assertTrue(failure.getMessage().contains("no cgroup"), failure.getMessage());
    }

    @Test
    void timeIsInNanosecondsOnV1() {
        cgroup("cpuacct")
                .with("cpuacct.usage", "9755990\n")
                .with("cpuacct.stat", "user 3\nsystem 1\n")
                .with("cpuacct.usage_percpu", "6449926 3306064 \n")
                .with("cpuacct.usage_all", "cpu user system\n0 4000000 0\n1 5 6\n");
        cgroup("cpu").with("cpu.stat", "nr_periods 7\nnr_throttled 2\nthrottled_time 1234\n");

        assertEquals(
                Optional.of(
                        new CpuUsage(
                                9755990,
                                30_000_000,
                                10_000_000,
                                List.of(6449926L, 3306064L),
                                List.of(4000000L, 5L),
                                List.of(0L, 6L))),
                read().cpu());
        assertEquals(Optional.of(new Throttling(7, 2, 1234)), read().throttling());
    }

    @Test
    void timeIsInMicrosecondsOnV2() {
        unified()
                .with(
                        "cpu.stat",
                        """
                        usage_usec 12
                        user_usec 8
                        system_usec 4
                        nr_periods 3
                        nr_throttled 2
                        throttled_usec 9
                        """);

        List<Long> none = List.of();
        assertEquals(
                Optional.of(new CpuUsage(12_000, 8_000, 4_000, none, none, none)), read().cpu());
        assertEquals(Optional.of(new Throttling(3, 2, 9_000)), read().throttling());
    }

    @Test
    void withoutTheControllerNothingIsThrottled() {
        unified().with("cpu.stat", "usage_usec 12\nuser_usec 8\nsystem_usec 4\n");

        assertEquals(Optional.empty(), read().throttling());
        assertEquals(12_000, read().cpu().orElseThrow().total());
    }

    @Test
    void memoryAndSwapAreOneNumberOnV1() {
        cgroup("memory")
                .with("memory.stat", "cache 12288\nrss 49152\n")
                .with("memory.usage_in_bytes", "987136\n")
                .with("memory.max_usage_in_bytes", "2772992\n")
                .with("memory.limit_in_bytes", "33554432\n")
                .with("memory.failcnt", "5\n")
                .with("memory.memsw.usage_in_bytes", "987137\n")
                .with("memory.memsw.max_usage_in_bytes", "2772993\n")
                .with("memory.memsw.limit_in_bytes", "9223372036854771712\n")
                .with("memory.memsw.failcnt", "0\n")
                .with("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");

        MemoryStats memory = read().memory().orElseThrow();

        assertEquals(
                new MemoryCounter(987136, OptionalLong.of(2772992), 33554432, 5), memory.usage());
        assertTrue(memory.usage().isLimited());
        assertEquals(987137, memory.withSwap().orElseThrow().bytes());
        assertFalse(memory.withSwap().orElseThrow().isLimited());
        assertEquals(Optional.empty(), memory.kernelTcp());
        assertEquals(12288, memory.cacheBytes());
        assertEquals(Map.of("cache", 12288L, "rss", 49152L), memory.details());
        assertEquals(4, memory.oomKills());
    }

    @Test
    void memoryAndSwapAreAddedOnV2() {
        FakeCgroup files =
                unified()
                        .with("memory.stat", "anon 5\nfile 7\n")
                        .with("memory.current", "100\n")
                        .with("memory.peak", "150\n")
                        .with("memory.max", "200\n")
                        .with("memory.swap.current", "10\n")
                        .with("memory.swap.max", "20\n")
                        .with("memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 3\n");

        MemoryStats memory = read().memory().orElseThrow();
        assertEquals(new MemoryCounter(100, OptionalLong.of(150), 200, 0), memory.usage());
        assertEquals(
                Optional.of(new MemoryCounter(110, OptionalLong.empty(), 220, 0)),
                memory.withSwap());
        assertEquals(7, memory.cacheBytes());
        assertEquals(3, memory.oomKills());

        files.with("memory.swap.max", "max\n");
        assertEquals(-1, read().memory().orElseThrow().withSwap().orElseThrow().limitBytes());
        files.with("memory.swap.max", "20\n").with("memory.max", "max\n");
        assertEquals(-1, read().memory().orElseThrow().withSwap().orElseThrow().limitBytes());
        assertFalse(read().memory().orElseThrow().usage().isLimited());
    }

    @Test
    void kernelThatDoesNotKnowThePeakHasNone() {
        unified().with("memory.current", "100\n").with("memory.max", "max\n");

        MemoryStats memory = read().memory().orElseThrow();

        assertEquals(OptionalLong.empty(), memory.usage().peakBytes());
        assertEquals(Optional.empty(), memory.withSwap());
    }

    @Test
    void cpusetHasListsAndFlags() {
        cgroup("cpuset")
                .with("cpuset.cpus", "0-2,5\n")
                .with("cpuset.mems", "0\n")
                .with("cpuset.sched_load_balance", "1\n")
                .with("cpuset.sched_relax_domain_level", "-1\n")
                .with("cpuset.memory_pressure", "12\n");

        var cpuset = read().cpuset().orElseThrow();

        assertEquals(List.of(0, 1, 2, 5), cpuset.cpus());
        assertEquals(List.of(0), cpuset.memoryNodes());
        assertTrue(cpuset.loadBalance());
        assertFalse(cpuset.cpuExclusive());
        assertEquals(-1, cpuset.relaxDomainLevel());
        assertEquals(12, cpuset.memoryPressure());
    }

    @Test
    void processesAreCountedWithAndWithoutLimit() {
        FakeCgroup files = cgroup("pids").with("pids.current", "3\n").with("pids.max", "20\n");
        assertEquals(Optional.of(new PidsStats(3, OptionalLong.of(20))), read().pids());

        files.with("pids.max", "max\n");
        assertEquals(Optional.of(new PidsStats(3, OptionalLong.empty())), read().pids());
    }

    @Test
    void withoutTheControllerOfV2ProcessesAreThoseInTheCgroup() {
        FakeCgroup files = unified();
        assertEquals(Optional.of(new PidsStats(2, OptionalLong.empty())), read().pids());

        files.with("cgroup.procs", "").with("cgroup.threads", "1\n2\n3\n");
        assertEquals(3, read().pids().orElseThrow().current());
    }

    @Test
    void disksAreCountedByTheirScheduler() {
        FakeCgroup blkio =
                cgroup("blkio")
                        .with("blkio.throttle.io_service_bytes_recursive", "8:0 Read 5\nTotal 5\n")
                        .with("blkio.throttle.io_serviced_recursive", "8:0 Read 1\nTotal 1\n")
                        .with("blkio.bfq.io_service_bytes_recursive", "Total 0\n")
                        .with("blkio.bfq.io_serviced_recursive", "Total 0\n");
        var read = new BlockIoStats.Entry(8, 0, "Read", 5);
        assertEquals(List.of(read), read().blockIo().bytes());

        blkio.with("blkio.bfq.io_serviced_recursive", "8:16 Write 2\nTotal 2\n")
                .with("blkio.bfq.io_service_bytes_recursive", "8:16 Write 9\nTotal 9\n")
                .with("blkio.bfq.sectors_recursive", "8:16 18\n");
        assertEquals(List.of(new BlockIoStats.Entry(8, 16, "Write", 9)), read().blockIo().bytes());
        assertEquals(List.of(new BlockIoStats.Entry(8, 16, "", 18)), read().blockIo().sectors());
    }

    @Test
    void disksOfV2HaveTheNamesOfV1() {
        unified().with("io.stat", "8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n8:0\n");

        assertEquals(
                BlockIoStats.ofTransfers(
                        List.of(
                                new BlockIoStats.Entry(8, 16, "Read", 1),
                                new BlockIoStats.Entry(8, 16, "Write", 2)),
                        List.of(
                                new BlockIoStats.Entry(8, 16, "Read", 3),
                                new BlockIoStats.Entry(8, 16, "Write", 4))),
                read().blockIo());
    }

    @Test
    void lineThatIsNotAboutADiskIsNamed() {
        unified().with("io.stat", "eight:0 rbytes=1\n");

        Failure failure = assertThrows(Failure.class, this::read);

        assertTrue(failure.getMessage().contains("eight:0 rbytes=1"), failure.getMessage());
    }

    @Test
    void reservedHugePagesCount() {
        FakeCgroup v1 =
                cgroup("hugetlb")
                        .with("hugetlb.2MB.usage_in_bytes", "1\n")
                        .with("hugetlb.2MB.max_usage_in_bytes", "2\n")
                        .with("hugetlb.2MB.failcnt", "3\n");
        assertEquals(Map.of("2MB", new HugetlbStats(1, OptionalLong.of(2), 3)), read().hugetlb());

        v1.with("hugetlb.2MB.rsvd.usage_in_bytes", "4\n")
                .with("hugetlb.2MB.rsvd.max_usage_in_bytes", "5\n")
                .with("hugetlb.2MB.rsvd.failcnt", "6\n");
        assertEquals(Map.of("2MB", new HugetlbStats(4, OptionalLong.of(5), 6)), read().hugetlb());
    }

    @Test
    void hugePagesOfV2FailByEvents() {
        unified()
                .with("hugetlb.1GB.current", "1\n")
                .with("hugetlb.1GB.rsvd.current", "2\n")
                .with("hugetlb.1GB.events", "max 3\n");

        assertEquals(Map.of("1GB", new HugetlbStats(2, OptionalLong.empty(), 3)), read().hugetlb());
    }

    @Test
    void pressureIsPercentAndMicroseconds() {
        unified()
                .with(
                        "memory.pressure",
                        """
                        some avg10=1.50 avg60=0.02 avg300=100.00 total=77
                        full avg10=0.00 avg60=0.00 avg300=0.00 total=5
                        """)
                .with("io.pressure", "");

        var pressure = read().pressure();

        assertEquals(new Share(1.5, 0.02, 100, 77), pressure.memory().orElseThrow().some());
        assertEquals(new Share(0, 0, 0, 5), pressure.memory().orElseThrow().full());
        assertEquals(Optional.empty(), pressure.io());
        assertEquals(Optional.empty(), pressure.cpu());
    }

    /** A hybrid host: v2 tells what no v1 controller does. */
    @Test
    void v1GoesBeforeV2() {
        cgroup("pids").with("pids.current", "1\n").with("pids.max", "max\n");
        unified().with("hugetlb.2MB.current", "7\n").with("cpu.stat", "usage_usec 12\n");

        assertEquals(1, read().pids().orElseThrow().current());
        assertEquals(7, read().hugetlb().get("2MB").bytes());
        assertEquals(12_000, read().cpu().orElseThrow().total());
    }

    @Test
    void invalidNumberIsNamed() {
        cgroup("pids").with("pids.current", "many\n").with("pids.max", "max\n");

        Failure failure = assertThrows(Failure.class, this::read);

        assertEquals("pids.current: \"many\" is not a number", failure.getMessage());
    }
}
