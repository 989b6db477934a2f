// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.HugetlbStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.Throttling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What v2 controllers count, apart from memory and disks. */
public final class V2Stats {
    private static final String CPU = "cpu.stat";
    private static final String HUGETLB = "hugetlb.";
    private static final String CURRENT = ".current";
    private static final long NANOS_PER_MICRO = 1000;

    private V2Stats() {}

    /** Time that processes ran; counted with and without the controller. */
    public static Optional<CpuUsage> cpu(CgroupFiles files) {
        Map<String, Long> stat = files.table(CPU);
        return stat.containsKey("usage_usec")
                ? Optional.of(
                        new CpuUsage(
                                nanos(stat, "usage_usec"),
                                nanos(stat, "user_usec"),
                                nanos(stat, "system_usec"),
                                List.of(),
                                List.of(),
                                List.of()))
                : Optional.empty();
    }

    /** Returns how a quota held processes back. */
    public static Optional<Throttling> throttling(CgroupFiles files) {
        Map<String, Long> stat = files.table(CPU);
        return stat.containsKey("nr_periods")
                ? Optional.of(
                        new Throttling(
                                stat.get("nr_periods"),
                                stat.getOrDefault("nr_throttled", 0L),
                                nanos(stat, "throttled_usec")))
                : Optional.empty();
    }

    private static long nanos(Map<String, Long> stat, String name) {
        return stat.getOrDefault(name, 0L) * NANOS_PER_MICRO;
    }

    /** Returns processes and threads; without the controller, the processes in the cgroup. */
    public static Optional<PidsStats> pids(CgroupFiles files) {
        if (files.has("pids.current")) {
            OptionalLong limit =
                    files.text("pids.max").equals("max")
                            ? OptionalLong.empty()
                            : files.numberIfThere("pids.max");
            return Optional.of(new PidsStats(files.number("pids.current"), limit));
        }
        if (!files.has("cgroup.procs")) {
            return Optional.empty();
        }
        // A threaded cgroup lists only threads.
        int processes = files.lines("cgroup.procs").size();
        int tasks = processes > 0 ? processes : files.lines("cgroup.threads").size();
        return Optional.of(new PidsStats(tasks, OptionalLong.empty()));
    }

    /** Huge pages, by their size. */
    public static Map<String, HugetlbStats> hugetlb(CgroupFiles files) {
        Map<String, HugetlbStats> all = new TreeMap<>();
        for (String size : files.between(HUGETLB, CURRENT)) {
            if (size.endsWith(".rsvd")) {
                continue;
            }
            String reserved = HUGETLB + size + ".rsvd" + CURRENT;
            all.put(
                    size,
                    new HugetlbStats(
                            files.number(files.has(reserved) ? reserved : HUGETLB + size + CURRENT),
                            OptionalLong.empty(),
                            files.table(HUGETLB + size + ".events").getOrDefault("max", 0L)));
        }
        return all;
    }
}
