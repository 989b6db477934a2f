// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.local.LocalKernel;
import io.jrunc.resctrl.stats.ResctrlStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories as the resctrl file system has them. */
class ReadResctrlStatsTest {
    @TempDir Path root;

    private void file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text + "\n");
    }

    private ResctrlStats read(Optional<String> monitoring) {
        var group =
                new ResctrlGroup(
                        root.toString(),
                        root.resolve("web1").toString(),
                        monitoring.map(name -> root.resolve(name).toString()),
                        true);
        return ReadResctrlStats.of(LocalKernel.get(), group);
    }

    @Test
    void machineThatSharesNothingOutHasNothing() {
        assertEquals(
                new ResctrlStats(Optional.empty(), Optional.empty(), List.of()),
                read(Optional.empty()));
    }

    @Test
    void cacheHasItsMasks() throws IOException {
        file("info/L3/cbm_mask", "7ff");
        file("info/L3/min_cbm_bits", "1");
        file("info/L3/num_closids", "16");
        file("schemata", "    MB:0=100\n    L3:0=7ff");
        file("web1/schemata", "L3:0=1f");

        assertEquals(
                Optional.of(new ResctrlStats.L3Cache("7ff", 1, 16, "L3:0=7ff", "L3:0=1f")),
                read(Optional.empty()).l3Cache());
    }

    @Test
    void bandwidthHasItsSteps() throws IOException {
        file("info/MB/bandwidth_gran", "10");
        file("info/MB/delay_linear", "1");
        file("info/MB/min_bandwidth", "20");
        file("info/MB/num_closids", "8");
        file("schemata", "MB:0=100");
        file("web1/schemata", "L3:0=1f");

        assertEquals(
                Optional.of(new ResctrlStats.MemoryBandwidth(10, 1, 20, 8, "MB:0=100", "")),
                read(Optional.empty()).memoryBandwidth());
    }

    @Test
    void measurementsAreThoseOfTheMonitoringGroup() throws IOException {
        file("web1/mon_data/mon_L3_00/llc_occupancy", "1");
        file("web1/mon_groups/m/mon_data/mon_L3_01/mbm_total_bytes", "Unavailable");
        file("web1/mon_groups/m/mon_data/mon_L3_00/mbm_total_bytes", "5");
        file("web1/mon_groups/m/mon_data/mon_L3_00/mbm_local_bytes", "4");
        OptionalLong none = OptionalLong.empty();

        assertEquals(
                List.of(
                        new ResctrlStats.Monitored(OptionalLong.of(5), OptionalLong.of(4), none),
                        new ResctrlStats.Monitored(none, none, none)),
                read(Optional.of("web1/mon_groups/m")).monitored());
        assertEquals(
                List.of(new ResctrlStats.Monitored(none, none, OptionalLong.of(1))),
                read(Optional.empty()).monitored());
    }
}
