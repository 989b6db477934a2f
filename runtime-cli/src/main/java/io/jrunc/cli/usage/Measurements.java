// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.cgroup.stats.Throttling;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Remembers each container's last statistics, so that the next ones give rates. */
final class Measurements {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, Measured> last = new HashMap<>();

    private record Measured(CgroupStats stats, long nanos) {}

    /**
     * Adds a measurement.
     *
     * @param key differs for a later container of the same id
     * @param nanos when the statistics were read, {@link System#nanoTime}
     */
    Usage add(String key, String id, String status, CgroupStats stats, long nanos) {
        Optional<Measured> before = Optional.ofNullable(last.put(key, new Measured(stats, nanos)));
        double seconds = before.isEmpty() ? 0 : (nanos - before.get().nanos) / NANOS_PER_SECOND;
        Optional<CgroupStats> old =
                seconds > 0 ? Optional.of(before.get().stats) : Optional.empty();
        return new Usage(
                id,
                status,
                cpu(stats, old, seconds),
                memory(stats.memory()),
                pids(stats),
                io(stats.blockIo(), old, seconds),
                stats.pressure());
    }

    /** Forgets containers that are gone. */
    void retain(Set<String> keys) {
        last.keySet().retainAll(keys);
    }

    private static Usage.Cpu cpu(CgroupStats now, Optional<CgroupStats> old, double seconds) {
        OptionalDouble percent = OptionalDouble.empty();
        OptionalDouble throttled = OptionalDouble.empty();
        OptionalLong nanos =
                now.cpu().isPresent()
                        ? OptionalLong.of(now.cpu().get().total())
                        : OptionalLong.empty();
        if (old.isPresent() && now.cpu().isPresent() && old.get().cpu().isPresent()) {
            long used = now.cpu().get().total() - old.get().cpu().get().total();
            percent = OptionalDouble.of(Math.max(0, 100 * used / NANOS_PER_SECOND / seconds));
        }
        if (old.isPresent() && now.throttling().isPresent() && old.get().throttling().isPresent()) {
            Throttling is = now.throttling().get();
            Throttling was = old.get().throttling().get();
            long periods = is.periods() - was.periods();
            long held = is.throttledPeriods() - was.throttledPeriods();
            throttled = OptionalDouble.of(periods <= 0 ? 0 : 100.0 * held / periods);
        }
        return new Usage.Cpu(percent, nanos, throttled);
    }

    private static Usage.Memory memory(Optional<MemoryStats> stats) {
        if (stats.isEmpty()) {
            OptionalLong none = OptionalLong.empty();
            return new Usage.Memory(none, none, none);
        }
        MemoryStats memory = stats.get();
        Map<String, Long> details = memory.details();
        long inactive =
                details.getOrDefault(
                        "total_inactive_file", details.getOrDefault("inactive_file", 0L));
        return new Usage.Memory(
                OptionalLong.of(Math.max(0, memory.usage().bytes() - inactive)),
                memory.usage().isLimited()
                        ? OptionalLong.of(memory.usage().limitBytes())
                        : OptionalLong.empty(),
                OptionalLong.of(memory.oomKills()));
    }

    private static Usage.Pids pids(CgroupStats stats) {
        return stats.pids().isEmpty()
                ? new Usage.Pids(OptionalLong.empty(), OptionalLong.empty())
                : new Usage.Pids(
                        OptionalLong.of(stats.pids().get().current()), stats.pids().get().limit());
    }

    private static Usage.Io io(BlockIoStats now, Optional<CgroupStats> old, double seconds) {
        long read = sum(now, "Read");
        long written = sum(now, "Write");
        if (old.isEmpty()) {
            return new Usage.Io(read, written, OptionalDouble.empty(), OptionalDouble.empty());
        }
        BlockIoStats before = old.get().blockIo();
        return new Usage.Io(
                read,
                written,
                OptionalDouble.of(Math.max(0, read - sum(before, "Read")) / seconds),
                OptionalDouble.of(Math.max(0, written - sum(before, "Write")) / seconds));
    }

    private static long sum(BlockIoStats stats, String operation) {
        long sum = 0;
        for (BlockIoStats.Entry entry : stats.bytes()) {
            sum += entry.operation().equals(operation) ? entry.value() : 0;
        }
        return sum;
    }
}
