// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code linux.resources}: what the cgroup limits. Source: runtime-spec
 * config-linux.md#control-groups.
 *
 * @param devices applied in order
 * @param rdma limits by device name
 * @param unified files of cgroup v2 to their contents, written last
 */
public record Resources(
        List<DeviceRule> devices,
        Memory memory,
        Cpu cpu,
        Pids pids,
        BlockIo blockIo,
        List<HugepageLimit> hugepageLimits,
        NetworkClass network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {
    /** No limits. */
    public static final Resources NONE =
            new Resources(
                    List.of(),
                    Memory.NONE,
                    Cpu.NONE,
                    Pids.NONE,
                    BlockIo.NONE,
                    List.of(),
                    NetworkClass.NONE,
                    Map.of(),
                    Map.of());

    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = Copies.map(rdma);
        unified = Copies.map(unified);
    }

    /**
     * Returns these limits as they are once {@code wanted} is set; what it leaves out stays.
     *
     * @param overridden files of cgroup v2 that {@code wanted} sets by other names: written last,
     *     an earlier value in {@code unified} would win
     */
    public Resources changedBy(Resources wanted, Set<String> overridden) {
        Map<String, String> files = new LinkedHashMap<>(unified);
        files.keySet().removeAll(overridden);
        if (wanted.hasWeightFile()) {
            files.remove("cpu.idle"); // the kernel refuses a weight of an idle cgroup
        }
        return new Resources(
                wanted.devices.isEmpty() ? devices : wanted.devices,
                memory.changedBy(wanted.memory),
                cpu.changedBy(wanted.cpu, idleAfter(wanted)),
                new Pids(wanted.pids.limit().isPresent() ? wanted.pids.limit() : pids.limit()),
                blockIo.changedBy(wanted.blockIo),
                Change.of(hugepageLimits, wanted.hugepageLimits, HugepageLimit::pageSize),
                wanted.network.classId().isPresent() || !wanted.network.priorities().isEmpty()
                        ? wanted.network
                        : network,
                Change.of(rdma, wanted.rdma),
                Change.of(files, wanted.unified));
    }

    /** Returns the same with another limit of tasks. */
    public Resources withTasks(Pids limit) {
        return new Resources(
                devices, memory, cpu, limit, blockIo, hugepageLimits, network, rdma, unified);
    }

    /** Returns idle; a new weight ends it. */
    private OptionalInt idleAfter(Resources wanted) {
        if (wanted.cpu.idle().isPresent()) {
            return wanted.cpu.idle();
        }
        boolean wasIdle =
                cpu.idle().orElse(0) == 1
                        || unified.getOrDefault("cpu.idle", "0").strip().equals("1");
        boolean weight = Ranges.isSet(wanted.cpu.shares()) || wanted.hasWeightFile();
        return wasIdle && weight ? OptionalInt.of(0) : cpu.idle();
    }

    private boolean hasWeightFile() {
        return unified.containsKey("cpu.weight") || unified.containsKey("cpu.weight.nice");
    }

    /** Makes limits from named parts; what is not named is not limited. */
    public static final class Builder {
        private static final long PERIOD = 100_000;

        private OptionalLong memory = OptionalLong.empty();
        private OptionalLong memoryAndSwap = OptionalLong.empty();
        private OptionalLong tasks = OptionalLong.empty();
        private OptionalLong quota = OptionalLong.empty();

        /** Begins without limits. */
        public Builder() {}

        /** Limits memory, in bytes. */
        public Builder memory(long bytes) {
            memory = OptionalLong.of(bytes);
            return this;
        }

        /** Limits memory and swap together, in bytes. */
        public Builder memoryAndSwap(long bytes) {
            memoryAndSwap = OptionalLong.of(bytes);
            return this;
        }

        /** Limits processes and threads. */
        public Builder pids(long count) {
            tasks = OptionalLong.of(count);
            return this;
        }

        /** Limits the part of the processors: 0.5 is half of one. */
        public Builder cpus(double processors) {
            quota = OptionalLong.of((long) (processors * PERIOD));
            return this;
        }

        public Resources build() {
            Cpu cpu =
                    quota.isPresent()
                            ? new Cpu(
                                    OptionalLong.empty(),
                                    quota,
                                    OptionalLong.empty(),
                                    OptionalLong.of(PERIOD),
                                    OptionalLong.empty(),
                                    OptionalLong.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    OptionalInt.empty())
                            : Cpu.NONE;
            return new Resources(
                    List.of(),
                    Memory.limits(memory, OptionalLong.empty(), memoryAndSwap),
                    cpu,
                    new Pids(tasks),
                    BlockIo.NONE,
                    List.of(),
                    NetworkClass.NONE,
                    Map.of(),
                    Map.of());
        }
    }
}
