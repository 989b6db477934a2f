// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.CpusetStats;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.PressureStats;
import io.jrunc.cgroup.stats.Throttling;
import io.jrunc.container.ContainerStats;
import io.jrunc.json.JsonText;
import java.util.List;
import java.util.Optional;

/**
 * Events as lines of JSON, in runc's format: most numbers are left out if zero, and values that are
 * not counted are zero. Source: runc's types/events.go.
 */
public final class EventText {
    private static final CpusetStats NO_CPUSET =
            new CpusetStats(
                    List.of(), List.of(), false, false, false, false, false, false, false, 0, 0);

    private final JsonText json = JsonText.compact();

    private EventText() {}

    /** That memory ran out. */
    public static String oom(String id) {
        EventText text = new EventText();
        text.begin("oom", id);
        text.json.endObject();
        return text.json + "\n";
    }

    /** Returns what was counted. */
    public static String stats(String id, ContainerStats stats) {
        EventText text = new EventText();
        text.begin("stats", id);
        text.json.beginObject("data");
        text.data(stats);
        text.json.endObject();
        text.json.endObject();
        return text.json + "\n";
    }

    private void begin(String type, String id) {
        json.beginObject();
        json.string("type", type);
        json.string("id", id);
    }

    private void data(ContainerStats stats) {
        CgroupStats cgroup = stats.cgroup();
        cpu(cgroup);
        cpuset(cgroup.cpuset().orElse(NO_CPUSET));
        memory(cgroup.memory(), cgroup.pressure());
        json.beginObject("pids");
        number("current", cgroup.pids().map(PidsStats::current).orElse(0L));
        number("limit", cgroup.pids().map(pids -> pids.limit().orElse(0)).orElse(0L));
        json.endObject();
        blockIo(cgroup.blockIo(), cgroup.pressure());
        json.beginObject("hugetlb");
        cgroup.hugetlb()
                .forEach(
                        (size, pages) -> {
                            json.beginObject(size);
                            number("usage", pages.bytes());
                            number("max", pages.peakBytes().orElse(0));
                            json.unsigned("failcnt", pages.failures());
                            json.endObject();
                        });
        json.endObject();
        json.beginObject("intel_rdt");
        stats.resctrl().ifPresent(resctrl -> new ResctrlText(json).write(resctrl));
        json.endObject();
        json.nothing("network_interfaces"); // runc has never filled it
    }

    private void cpu(CgroupStats cgroup) {
        json.beginObject("cpu");
        json.beginObject("usage");
        CpuUsage usage =
                cgroup.cpu().orElse(new CpuUsage(0, 0, 0, List.of(), List.of(), List.of()));
        number("total", usage.total());
        numbers("percpu", usage.perCpu());
        numbers("percpu_kernel", usage.perCpuKernel());
        numbers("percpu_user", usage.perCpuUser());
        json.unsigned("kernel", usage.kernel());
        json.unsigned("user", usage.user());
        json.endObject();
        json.beginObject("throttling");
        Throttling throttling = cgroup.throttling().orElse(new Throttling(0, 0, 0));
        number("periods", throttling.periods());
        number("throttledPeriods", throttling.throttledPeriods());
        number("throttledTime", throttling.throttledNanos());
        json.endObject();
        pressure(cgroup.pressure().cpu());
        json.endObject();
    }

    private void cpuset(CpusetStats cpuset) {
        json.beginObject("cpuset");
        integers("cpus", cpuset.cpus());
        flag("cpu_exclusive", cpuset.cpuExclusive());
        integers("mems", cpuset.memoryNodes());
        flag("mem_hardwall", cpuset.memHardwall());
        flag("mem_exclusive", cpuset.memExclusive());
        flag("memory_migrate", cpuset.memoryMigrate());
        flag("memory_spread_page", cpuset.memorySpreadPage());
        flag("memory_spread_slab", cpuset.memorySpreadSlab());
        json.unsigned("memory_pressure", cpuset.memoryPressure());
        flag("sched_load_balance", cpuset.loadBalance());
        json.number("sched_relax_domain_level", cpuset.relaxDomainLevel());
        json.endObject();
    }

    private void memory(Optional<MemoryStats> memory, PressureStats pressure) {
        json.beginObject("memory");
        number("cache", memory.map(MemoryStats::cacheBytes).orElse(0L));
        counter("usage", memory.map(MemoryStats::usage));
        counter("swap", memory.flatMap(MemoryStats::withSwap));
        counter("kernel", memory.flatMap(MemoryStats::kernel));
        counter("kernelTCP", memory.flatMap(MemoryStats::kernelTcp));
        if (memory.isPresent() && !memory.get().details().isEmpty()) {
            json.beginObject("raw");
            memory.get().details().forEach(json::unsigned);
            json.endObject();
        }
        pressure(pressure.memory());
        json.endObject();
    }

    private void counter(String name, Optional<MemoryCounter> counter) {
        json.beginObject(name);
        json.unsigned("limit", counter.map(MemoryCounter::limitBytes).orElse(0L));
        number("usage", counter.map(MemoryCounter::bytes).orElse(0L));
        number("max", counter.map(one -> one.peakBytes().orElse(0)).orElse(0L));
        json.unsigned("failcnt", counter.map(MemoryCounter::failures).orElse(0L));
        json.endObject();
    }

    private void blockIo(BlockIoStats io, PressureStats pressure) {
        json.beginObject("blkio");
        entries("ioServiceBytesRecursive", io.bytes());
        entries("ioServicedRecursive", io.operations());
        entries("ioQueueRecursive", io.queued());
        entries("ioServiceTimeRecursive", io.serviceNanos());
        entries("ioWaitTimeRecursive", io.waitNanos());
        entries("ioMergedRecursive", io.merged());
        entries("ioTimeRecursive", io.diskNanos());
        entries("sectorsRecursive", io.sectors());
        pressure(pressure.io());
        json.endObject();
    }

    private void entries(String name, List<BlockIoStats.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        json.beginList(name);
        for (BlockIoStats.Entry entry : entries) {
            json.beginObject();
            number("major", entry.major());
            number("minor", entry.minor());
            if (!entry.operation().isEmpty()) {
                json.string("op", entry.operation());
            }
            number("value", entry.value());
            json.endObject();
        }
        json.endList();
    }

    private void pressure(Optional<PressureStats.Pressure> pressure) {
        pressure.ifPresent(
                both -> {
                    json.beginObject("psi");
                    share("some", both.some());
                    share("full", both.full());
                    json.endObject();
                });
    }

    private void share(String name, PressureStats.Share share) {
        json.beginObject(name);
        json.decimal("avg10", share.avg10());
        json.decimal("avg60", share.avg60());
        json.decimal("avg300", share.avg300());
        json.unsigned("total", share.totalMicros());
        json.endObject();
    }

    private void number(String name, long number) {
        if (number != 0) {
            json.unsigned(name, number);
        }
    }

    private void flag(String name, boolean flag) {
        json.number(name, flag ? 1 : 0);
    }

    private void numbers(String name, List<Long> numbers) {
        if (!numbers.isEmpty()) {
            json.beginList(name);
            numbers.forEach(json::element);
            json.endList();
        }
    }

    private void integers(String name, List<Integer> numbers) {
        numbers(name, numbers.stream().map(Integer::longValue).toList());
    }
}
