// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.json.JsonText;
import io.jrunc.resctrl.stats.ResctrlStats;
import java.util.List;
import java.util.OptionalLong;

/** The member {@code intel_rdt} of a line of statistics. Source: runc's types/events.go. */
record ResctrlText(JsonText json) {
    void write(ResctrlStats stats) {
        stats.l3Cache().ifPresent(this::cache);
        stats.memoryBandwidth().ifPresent(this::bandwidth);
        List<ResctrlStats.Monitored> caches = stats.monitored();
        if (caches.stream().anyMatch(one -> has(one.totalBytes()) || has(one.localBytes()))) {
            json.beginList("mbm_stats");
            for (ResctrlStats.Monitored cache : caches) {
                json.beginObject();
                measured("mbm_total_bytes", cache.totalBytes());
                measured("mbm_local_bytes", cache.localBytes());
                json.endObject();
            }
            json.endList();
        }
        if (caches.stream().anyMatch(one -> has(one.occupancyBytes()))) {
            json.beginList("cmt_stats");
            for (ResctrlStats.Monitored cache : caches) {
                json.beginObject();
                measured("llc_occupancy", cache.occupancyBytes());
                json.endObject();
            }
            json.endList();
        }
    }

    private static boolean has(OptionalLong number) {
        return number.isPresent();
    }

    private void cache(ResctrlStats.L3Cache cache) {
        json.beginObject("l3_cache_info");
        text("cbm_mask", cache.cbmMask());
        number("min_cbm_bits", cache.minCbmBits());
        number("num_closids", cache.numClosids());
        json.endObject();
        text("l3_cache_schema_root", cache.rootSchema());
        text("l3_cache_schema", cache.schema());
    }

    private void bandwidth(ResctrlStats.MemoryBandwidth bandwidth) {
        json.beginObject("mem_bw_info");
        number("bandwidth_gran", bandwidth.bandwidthGran());
        number("delay_linear", bandwidth.delayLinear());
        number("min_bandwidth", bandwidth.minBandwidth());
        number("num_closids", bandwidth.numClosids());
        json.endObject();
        text("mem_bw_schema_root", bandwidth.rootSchema());
        text("mem_bw_schema", bandwidth.schema());
    }

    private void measured(String name, OptionalLong number) {
        number(name, number.orElse(0));
    }

    private void number(String name, long number) {
        if (number != 0) {
            json.unsigned(name, number);
        }
    }

    private void text(String name, String text) {
        if (!text.isEmpty()) {
            json.string(name, text);
        }
    }
}
