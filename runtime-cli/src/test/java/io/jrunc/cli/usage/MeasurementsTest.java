// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.PressureStats;
import io.jrunc.cgroup.stats.Throttling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rates, from two measurements. */
class MeasurementsTest {
    private static final long SECOND = 1_000_000_000;
    private static final PressureStats.Share TEN = new PressureStats.Share(10, 0, 0, 0);

    private final Measurements measurements = new Measurements();

    private static CgroupStats stats(long cpuNanos, long periods, long held, long read) {
        return new CgroupStats(
                Optional.of(new CpuUsage(cpuNanos, 0, 0, List.of(), List.of(), List.of())),
                Optional.of(new Throttling(periods, held, 0)),
                Optional.empty(),
                Optional.of(
                        new MemoryStats(
                                0,
                                new MemoryCounter(3 << 20, OptionalLong.empty(), 8 << 20, 0),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Map.of("inactive_file", 1L << 20),
                                2)),
                Optional.of(new PidsStats(5, OptionalLong.empty())),
                BlockIoStats.ofTransfers(
                        List.of(
                                new BlockIoStats.Entry(8, 0, "Read", read),
                                new BlockIoStats.Entry(8, 16, "Read", 1),
                                new BlockIoStats.Entry(8, 0, "Write", 0),
                                new BlockIoStats.Entry(8, 0, "Total", read + 1)),
                        List.of()),
                Map.of(),
                new PressureStats(
                        Optional.of(new PressureStats.Pressure(TEN, PressureStats.Share.NONE)),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Usage add(CgroupStats stats, long nanos) {
        return measurements.add("web1.7", "web1", "running", stats, nanos);
    }

    @Test
    void firstMeasurementHasNoRates() {
        Usage usage = add(stats(5 * SECOND, 10, 1, 100), 0);

        assertEquals(
                List.of(
                        "-",
                        "-",
                        "2.00 MiB",
                        "8.00 MiB",
                        "5",
                        "-",
                        "101 B",
                        "0 B",
                        "10.0",
                        "-",
                        "-",
                        "2"),
                UsageColumns.cells(usage, false));
    }

    @Test
    void ratesAreOfTheTimeBetween() {
        add(stats(5 * SECOND, 10, 1, 100), 0);
        Usage usage = add(stats(8 * SECOND, 20, 6, 4196), 2 * SECOND);

        assertEquals(OptionalDouble.of(150), usage.cpu().percent());
        assertEquals(OptionalDouble.of(50), usage.cpu().throttledPercent());
        assertEquals(OptionalDouble.of(2048), usage.io().readRate());
        assertEquals("2.00 KiB/s", UsageColumns.cells(usage, true).get(6));
        assertEquals(OptionalDouble.of(25), usage.memory().percent());
    }

    @Test
    void quotaWithoutAPeriodHoldsNothingBack() {
        add(stats(0, 10, 1, 0), 0);

        assertEquals(
                OptionalDouble.of(0), add(stats(0, 10, 1, 0), SECOND).cpu().throttledPercent());
    }

    @Test
    void laterContainerOfTheSameIdBeginsAnew() {
        add(stats(5 * SECOND, 0, 0, 0), 0);
        measurements.retain(Set.of("web1.8"));

        assertEquals(OptionalDouble.empty(), add(stats(SECOND, 0, 0, 0), SECOND).cpu().percent());
    }

    @Test
    void amountsHaveThreeDigits() {
        assertEquals("0 B", Amounts.bytes(0.0));
        assertEquals("1023 B", Amounts.bytes(1023.0));
        assertEquals("1.00 KiB", Amounts.bytes(1024.0));
        assertEquals("15.5 KiB", Amounts.bytes(15.5 * 1024));
        assertEquals("1.00 MiB", Amounts.bytes(1024.0 * 1024 - 1));
        assertEquals("16.0 EiB", Amounts.bytes(Math.pow(2, 64)));
    }
}
