// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.resctrl.stats.ResctrlStats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what there is to know of a container's group. */
public final class ReadResctrlStats {
    private final Kernel kernel;
    private final ResctrlGroup group;

    private ReadResctrlStats(Kernel kernel, ResctrlGroup group) {
        this.kernel = kernel;
        this.group = group;
    }

    /** Reads it. */
    public static ResctrlStats of(Kernel kernel, ResctrlGroup group) {
        ReadResctrlStats read = new ReadResctrlStats(kernel, group);
        return new ResctrlStats(read.l3Cache(), read.memoryBandwidth(), read.monitored());
    }

    private Optional<ResctrlStats.L3Cache> l3Cache() {
        String info = group.mountPoint() + "/info/L3";
        if (!kernel.files().exists(info)) {
            return Optional.empty();
        }
        return Optional.of(
                new ResctrlStats.L3Cache(
                        kernel.files().readText(info + "/cbm_mask").strip(),
                        number(info + "/min_cbm_bits"),
                        number(info + "/num_closids"),
                        schema(group.mountPoint(), "L3:"),
                        schema(group.directory(), "L3:")));
    }

    private Optional<ResctrlStats.MemoryBandwidth> memoryBandwidth() {
        String info = group.mountPoint() + "/info/MB";
        if (!kernel.files().exists(info)) {
            return Optional.empty();
        }
        return Optional.of(
                new ResctrlStats.MemoryBandwidth(
                        number(info + "/bandwidth_gran"),
                        number(info + "/delay_linear"),
                        number(info + "/min_bandwidth"),
                        number(info + "/num_closids"),
                        schema(group.mountPoint(), "MB:"),
                        schema(group.directory(), "MB:")));
    }

    private String schema(String directory, String resource) {
        for (String line : kernel.files().readText(directory + "/schemata").split("\n", -1)) {
            if (line.strip().startsWith(resource)) {
                return line.strip();
            }
        }
        return "";
    }

    /** Returns a directory {@code mon_L3_NN} for each cache. */
    private List<ResctrlStats.Monitored> monitored() {
        List<ResctrlStats.Monitored> monitored = new ArrayList<>();
        String data = group.monitoring().orElse(group.directory()) + "/mon_data";
        try (Fd directory =
                kernel.files().openIfExists(kernel.files().here(), data, OpenFlag.DIRECTORY)) {
            if (directory.isOpen()) {
                List<String> caches = kernel.directories().list(directory);
                Collections.sort(caches);
                for (String cache : caches) {
                    monitored.add(monitored(data + "/" + cache));
                }
            }
        }
        return monitored;
    }

    private ResctrlStats.Monitored monitored(String cache) {
        return new ResctrlStats.Monitored(
                measured(cache + "/mbm_total_bytes"),
                measured(cache + "/mbm_local_bytes"),
                measured(cache + "/llc_occupancy"));
    }

    /** Absent, or a word such as "Unavailable": not measured. */
    private OptionalLong measured(String file) {
        if (!kernel.files().exists(file)) {
            return OptionalLong.empty();
        }
        String text = kernel.files().readText(file).strip();
        return text.isEmpty() || !Character.isDigit(text.charAt(0))
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseUnsignedLong(text));
    }

    private long number(String file) {
        return Long.parseUnsignedLong(kernel.files().readText(file).strip());
    }
}
