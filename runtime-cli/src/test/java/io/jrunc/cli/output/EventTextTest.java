// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.CpusetStats;
import io.jrunc.cgroup.stats.HugetlbStats;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.PressureStats;
import io.jrunc.cgroup.stats.Throttling;
import io.jrunc.container.ContainerStats;
import io.jrunc.resctrl.stats.ResctrlStats;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Lines as runc prints them, byte by byte. */
class EventTextTest {
    private static final String NOTHING_OF_CPUSET =
            "\"cpuset\":{\"cpu_exclusive\":0,\"mem_hardwall\":0,\"mem_exclusive\":0,"
                    + "\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\":0,"
                    + "\"memory_pressure\":0,\"sched_load_balance\":0,"
                    + "\"sched_relax_domain_level\":0}";

    private static MemoryCounter counter(long bytes, long peak, long limit, long failures) {
        return new MemoryCounter(bytes, OptionalLong.of(peak), limit, failures);
    }

    private static String line(CgroupStats cgroup, Optional<ResctrlStats> resctrl) {
        return EventText.stats("web1", new ContainerStats(cgroup, resctrl));
    }

    private static CgroupStats nothing() {
        return new CgroupStats(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                BlockIoStats.NONE,
                Map.of(),
                PressureStats.NONE);
    }

    @Test
    void wantOfMemoryHasNoData() {
        assertEquals("{\"type\":\"oom\",\"id\":\"web1\"}\n", EventText.oom("web1"));
    }

    @Test
    void uncountedValuesAreZeroOrLeftOut() {
        assertEquals(
                "{\"type\":\"stats\",\"id\":\"web1\",\"data\":{\"cpu\":{\"usage\":{\"kernel\":0,"
                        + "\"user\":0},\"throttling\":{}},"
                        + NOTHING_OF_CPUSET
                        + ",\"memory\":{\"usage\":{\"limit\":0,\"failcnt\":0},\"swap\":{\"limit\":0,"
                        + "\"failcnt\":0},\"kernel\":{\"limit\":0,\"failcnt\":0},\"kernelTCP\":"
                        + "{\"limit\":0,\"failcnt\":0}},\"pids\":{},\"blkio\":{},\"hugetlb\":{},"
                        + "\"intel_rdt\":{},\"network_interfaces\":null}}\n",
                line(nothing(), Optional.empty()));
    }

    @Test
    void v1HasAllOfIt() {
        var stats =
                new CgroupStats(
                        Optional.of(
                                new CpuUsage(
                                        9755990,
                                        30,
                                        10,
                                        List.of(6449926L, 3306064L),
                                        List.of(4000000L, 0L),
                                        List.of(0L, 1L))),
                        Optional.of(new Throttling(3, 2, 1)),
                        Optional.of(
                                new CpusetStats(
                                        List.of(0, 1),
                                        List.of(0),
                                        false,
                                        true,
                                        false,
                                        false,
                                        false,
                                        false,
                                        true,
                                        4,
                                        -1)),
                        Optional.of(
                                new MemoryStats(
                                        12288,
                                        counter(987136, 2772992, 33554432, 0),
                                        Optional.of(counter(987137, 2772993, 33554433, 1)),
                                        Optional.of(counter(487424, 552960, 1L << 62, 0)),
                                        Optional.of(counter(0, 0, 9223372036854771712L, 0)),
                                        Map.of("rss", 2L, "cache", 1L),
                                        0)),
                        Optional.of(new PidsStats(1, OptionalLong.of(20))),
                        BlockIoStats.ofTransfers(
                                List.of(new BlockIoStats.Entry(8, 0, "Read", 5)),
                                List.of(new BlockIoStats.Entry(8, 0, "", 0))),
                        Map.of("2MB", new HugetlbStats(1, OptionalLong.of(2), 3)),
                        PressureStats.NONE);

        assertEquals(
                "{\"type\":\"stats\",\"id\":\"web1\",\"data\":{\"cpu\":{\"usage\":{\"total\":9755990,"
                        + "\"percpu\":[6449926,3306064],\"percpu_kernel\":[0,1],\"percpu_user\":"
                        + "[4000000,0],\"kernel\":10,\"user\":30},\"throttling\":{\"periods\":3,"
                        + "\"throttledPeriods\":2,\"throttledTime\":1}},\"cpuset\":{\"cpus\":[0,1],"
                        + "\"cpu_exclusive\":0,\"mems\":[0],\"mem_hardwall\":1,\"mem_exclusive\":0,"
                        + "\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\":0,"
                        + "\"memory_pressure\":4,\"sched_load_balance\":1,"
                        + "\"sched_relax_domain_level\":-1},\"memory\":{\"cache\":12288,\"usage\":"
                        + "{\"limit\":33554432,\"usage\":987136,\"max\":2772992,\"failcnt\":0},"
                        + "\"swap\":{\"limit\":33554433,\"usage\":987137,\"max\":2772993,\"failcnt\":"
                        + "1},\"kernel\":{\"limit\":4611686018427387904,\"usage\":487424,\"max\":"
                        + "552960,\"failcnt\":0},\"kernelTCP\":{\"limit\":9223372036854771712,"
                        + "\"failcnt\":0},\"raw\":{\"cache\":1,\"rss\":2}},\"pids\":{\"current\":1,"
                        + "\"limit\":20},\"blkio\":{\"ioServiceBytesRecursive\":[{\"major\":8,\"op\":"
                        + "\"Read\",\"value\":5}],\"ioServicedRecursive\":[{\"major\":8}]},"
                        + "\"hugetlb\":{\"2MB\":{\"usage\":1,\"max\":2,\"failcnt\":3}},"
                        + "\"intel_rdt\":{},\"network_interfaces\":null}}\n",
                line(stats, Optional.empty()));
    }

    @Test
    void v2HasNoLimitAsAllBitsAndItsPressure() {
        var some = new PressureStats.Share(1.5, 0.02, 100, 77);
        var pressure = Optional.of(new PressureStats.Pressure(some, PressureStats.Share.NONE));
        var unlimited = new MemoryCounter(5, OptionalLong.empty(), -1, 0);
        var stats =
                new CgroupStats(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new MemoryStats(
                                        0,
                                        unlimited,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Map.of(),
                                        0)),
                        Optional.empty(),
                        BlockIoStats.NONE,
                        Map.of(),
                        new PressureStats(pressure, Optional.empty(), Optional.empty()));

        assertEquals(
                "{\"type\":\"stats\",\"id\":\"web1\",\"data\":{\"cpu\":{\"usage\":{\"kernel\":0,"
                        + "\"user\":0},\"throttling\":{},\"psi\":{\"some\":{\"avg10\":1.5,\"avg60\":"
                        + "0.02,\"avg300\":100,\"total\":77},\"full\":{\"avg10\":0,\"avg60\":0,"
                        + "\"avg300\":0,\"total\":0}}},"
                        + NOTHING_OF_CPUSET
                        + ",\"memory\":{\"usage\":{\"limit\":18446744073709551615,\"usage\":5,"
                        + "\"failcnt\":0},\"swap\":{\"limit\":0,\"failcnt\":0},\"kernel\":{\"limit\":"
                        + "0,\"failcnt\":0},\"kernelTCP\":{\"limit\":0,\"failcnt\":0}},\"pids\":{},"
                        + "\"blkio\":{},\"hugetlb\":{},\"intel_rdt\":{},"
                        + "\"network_interfaces\":null}}\n",
                line(stats, Optional.empty()));
    }

    @Test
    void sharesOfCachesAreReportedAndWhatWasMeasured() {
        OptionalLong none = OptionalLong.empty();
        var resctrl =
                new ResctrlStats(
                        Optional.of(new ResctrlStats.L3Cache("7ff", 1, 16, "L3:0=7ff", "L3:0=1f")),
                        Optional.of(new ResctrlStats.MemoryBandwidth(10, 1, 20, 8, "MB:0=100", "")),
                        List.of(
                                new ResctrlStats.Monitored(
                                        OptionalLong.of(5), OptionalLong.of(4), none)));

        String line = line(nothing(), Optional.of(resctrl));

        int at = line.indexOf("\"intel_rdt\"");
        assertEquals(
                "\"intel_rdt\":{\"l3_cache_info\":{\"cbm_mask\":\"7ff\",\"min_cbm_bits\":1,"
                        + "\"num_closids\":16},\"l3_cache_schema_root\":\"L3:0=7ff\","
                        + "\"l3_cache_schema\":\"L3:0=1f\",\"mem_bw_info\":{\"bandwidth_gran\":10,"
                        + "\"delay_linear\":1,\"min_bandwidth\":20,\"num_closids\":8},"
                        + "\"mem_bw_schema_root\":\"MB:0=100\",\"mbm_stats\":[{\"mbm_total_bytes\":5,"
                        + "\"mbm_local_bytes\":4}]},\"network_interfaces\":null}}\n",
                line.substring(at));
    }
}
