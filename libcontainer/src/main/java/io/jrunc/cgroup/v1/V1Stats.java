// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.CpuUsage;
import io.jrunc.cgroup.stats.CpusetStats;
import io.jrunc.cgroup.stats.HugetlbStats;
import io.jrunc.cgroup.stats.PidsStats;
import io.jrunc.cgroup.stats.Throttling;
import io.jrunc.spec.NumberList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What v1 controllers count, apart from memory and disks. Sources: kernel documentation,
 * cgroup-v1/cpuacct, hugetlb, pids, scheduler/sched-bwc; cpuset(7).
 */
public final class V1Stats {
    private static final String USAGE = "cpuacct.usage";
    private static final String CPUS = "cpuset.cpus";
    private static final String HUGETLB = "hugetlb.";
    private static final String USED = ".usage_in_bytes";

    /** USER_HZ, the same for all programs of x86-64 and arm64; see time(7). */
    private static final long NANOS_PER_TICK = 1_000_000_000 / 100;

    /** Beyond CONFIG_NR_CPUS and CONFIG_NODES_SHIFT of any kernel. */
    private static final int MAX_NUMBER = 1 << 16;

    private V1Stats() {}

    /** Time that processes ran. */
    public static Optional<CpuUsage> cpu(CgroupFiles files) {
        if (!files.has(USAGE)) {
            return Optional.empty();
        }
        Map<String, Long> ticks = files.table("cpuacct.stat");
        List<Long> user = new ArrayList<>();
        List<Long> kernel = new ArrayList<>();
        perCpu(files.lines("cpuacct.usage_all"), user, kernel);
        return Optional.of(
                new CpuUsage(
                        files.number(USAGE),
                        ticks.getOrDefault("user", 0L) * NANOS_PER_TICK,
                        ticks.getOrDefault("system", 0L) * NANOS_PER_TICK,
                        files.numbers("cpuacct.usage_percpu"),
                        user,
                        kernel));
    }

    /** Lines {@code cpu user system} under a header. */
    private static void perCpu(List<String> lines, List<Long> user, List<Long> kernel) {
        for (String line : lines.isEmpty() ? lines : lines.subList(1, lines.size())) {
            String[] fields = line.split(" ", -1);
            user.add(Long.parseUnsignedLong(fields[1]));
            kernel.add(Long.parseUnsignedLong(fields[2]));
        }
    }

    /** Returns how a quota held processes back. */
    public static Optional<Throttling> throttling(CgroupFiles files) {
        Map<String, Long> stat = files.table("cpu.stat");
        if (!stat.containsKey("nr_periods")) {
            return Optional.empty();
        }
        return Optional.of(
                new Throttling(
                        stat.get("nr_periods"),
                        stat.getOrDefault("nr_throttled", 0L),
                        stat.getOrDefault("throttled_time", 0L)));
    }

    /** Returns the processors and memory that processes may use. */
    public static Optional<CpusetStats> cpuset(CgroupFiles files) {
        if (!files.has(CPUS)) {
            return Optional.empty();
        }
        String level = files.text("cpuset.sched_relax_domain_level");
        return Optional.of(
                new CpusetStats(
                        list(files, CPUS),
                        list(files, "cpuset.mems"),
                        flag(files, "cpuset.cpu_exclusive"),
                        flag(files, "cpuset.mem_hardwall"),
                        flag(files, "cpuset.mem_exclusive"),
                        flag(files, "cpuset.memory_migrate"),
                        flag(files, "cpuset.memory_spread_page"),
                        flag(files, "cpuset.memory_spread_slab"),
                        flag(files, "cpuset.sched_load_balance"),
                        files.number("cpuset.memory_pressure"),
                        level.isEmpty() ? 0 : Integer.parseInt(level)));
    }

    private static List<Integer> list(CgroupFiles files, String file) {
        String text = files.text(file);
        return text.isEmpty()
                ? List.of()
                : NumberList.parse(file, text, MAX_NUMBER).stream().boxed().toList();
    }

    private static boolean flag(CgroupFiles files, String file) {
        return files.number(file) != 0;
    }

    /** Processes and threads. */
    public static Optional<PidsStats> pids(CgroupFiles files) {
        return files.has("pids.current")
                ? Optional.of(
                        new PidsStats(
                                files.number("pids.current"),
                                files.text("pids.max").equals("max")
                                        ? OptionalLong.empty()
                                        : files.numberIfThere("pids.max")))
                : Optional.empty();
    }

    /** Huge pages, by their size. */
    public static Map<String, HugetlbStats> hugetlb(CgroupFiles files) {
        Map<String, HugetlbStats> all = new TreeMap<>();
        for (String size : files.between(HUGETLB, USED)) {
            if (size.endsWith(".rsvd")) {
                continue;
            }
            boolean reserved = files.has(HUGETLB + size + ".rsvd" + USED);
            String prefix = HUGETLB + size + (reserved ? ".rsvd" : "");
            all.put(
                    size,
                    new HugetlbStats(
                            files.number(prefix + USED),
                            files.numberIfThere(prefix + ".max_usage_in_bytes"),
                            files.number(prefix + ".failcnt")));
        }
        return all;
    }
}
