// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Limits as they are, and what is to change: what is absent stays. */
record ResourceChange(Resources now, Resources wanted) {
    /** The limits as they will be. */
    Resources result() {
        return new Resources(
                wanted.devices().isEmpty() ? now.devices() : wanted.devices(),
                memory(now.memory(), wanted.memory()),
                cpu(now, wanted),
                new Pids(
                        wanted.pids().limit().isPresent()
                                ? wanted.pids().limit()
                                : now.pids().limit()),
                blockIo(now.blockIo(), wanted.blockIo()),
                list(now.hugepageLimits(), wanted.hugepageLimits(), limit -> limit.pageSize()),
                wanted.network().classId().isPresent() || !wanted.network().priorities().isEmpty()
                        ? wanted.network()
                        : now.network(),
                map(now.rdma(), wanted.rdma()),
                map(UnifiedOverlap.without(now.unified(), wanted), wanted.unified()));
    }

    private static Memory memory(Memory now, Memory wanted) {
        // No limit of memory is none of memory and swap: the old sum would go on limiting.
        boolean unlimited = wanted.limit().orElse(0) == -1 && isUnset(wanted.swap());
        return new Memory(
                number(now.limit(), wanted.limit()),
                number(now.reservation(), wanted.reservation()),
                unlimited ? OptionalLong.of(-1) : number(now.swap(), wanted.swap()),
                number(now.kernel(), wanted.kernel()),
                number(now.kernelTcp(), wanted.kernelTcp()),
                wanted.swappiness().isPresent() ? wanted.swappiness() : now.swappiness(),
                either(now.disableOomKiller(), wanted.disableOomKiller()),
                either(now.useHierarchy(), wanted.useHierarchy()),
                either(now.checkBeforeUpdate(), wanted.checkBeforeUpdate()));
    }

    private static Cpu cpu(Resources before, Resources change) {
        Cpu now = before.cpu();
        Cpu wanted = change.cpu();
        // An idle cgroup has no weight, and the kernel refuses to set one.
        boolean idle = wanted.idle().orElse(0) == 1 && isUnset(wanted.shares());
        return new Cpu(
                idle ? OptionalLong.empty() : number(now.shares(), wanted.shares()),
                number(now.quota(), wanted.quota()),
                wanted.burst().isPresent() ? wanted.burst() : now.burst(),
                number(now.period(), wanted.period()),
                number(now.realtimeRuntime(), wanted.realtimeRuntime()),
                number(now.realtimePeriod(), wanted.realtimePeriod()),
                text(now.cpus(), wanted.cpus()),
                text(now.mems(), wanted.mems()),
                idle(before, change));
    }

    /** Returns idle; a new weight ends it. */
    private static OptionalInt idle(Resources now, Resources wanted) {
        boolean wasIdle =
                now.cpu().idle().orElse(0) == 1
                        || now.unified().getOrDefault("cpu.idle", "0").strip().equals("1");
        boolean weight =
                !isUnset(wanted.cpu().shares())
                        || wanted.unified().containsKey("cpu.weight")
                        || wanted.unified().containsKey("cpu.weight.nice");
        if (wanted.cpu().idle().isPresent()) {
            return wanted.cpu().idle();
        }
        return wasIdle && weight ? OptionalInt.of(0) : now.cpu().idle();
    }

    private static BlockIo blockIo(BlockIo now, BlockIo wanted) {
        Function<BlockIo.ThrottleDevice, String> device = one -> one.major() + ":" + one.minor();
        return new BlockIo(
                weight(now.weight(), wanted.weight()),
                weight(now.leafWeight(), wanted.leafWeight()),
                list(
                        now.weightDevice(),
                        wanted.weightDevice(),
                        one -> one.major() + ":" + one.minor()),
                list(now.throttleReadBpsDevice(), wanted.throttleReadBpsDevice(), device),
                list(now.throttleWriteBpsDevice(), wanted.throttleWriteBpsDevice(), device),
                list(now.throttleReadIopsDevice(), wanted.throttleReadIopsDevice(), device),
                list(now.throttleWriteIopsDevice(), wanted.throttleWriteIopsDevice(), device));
    }

    /** Zero is how engines write "not set". */
    private static boolean isUnset(OptionalLong number) {
        return number.orElse(0) == 0;
    }

    private static OptionalLong number(OptionalLong now, OptionalLong wanted) {
        return isUnset(wanted) ? now : wanted;
    }

    private static OptionalInt weight(OptionalInt now, OptionalInt wanted) {
        return wanted.orElse(0) == 0 ? now : wanted;
    }

    private static Optional<String> text(Optional<String> now, Optional<String> wanted) {
        return wanted.orElse("").isEmpty() ? now : wanted;
    }

    private static <T> Optional<T> either(Optional<T> now, Optional<T> wanted) {
        return wanted.isPresent() ? wanted : now;
    }

    private static <T> List<T> list(List<T> now, List<T> wanted, Function<T, String> key) {
        Map<String, T> merged = new LinkedHashMap<>();
        now.forEach(one -> merged.put(key.apply(one), one));
        wanted.forEach(one -> merged.put(key.apply(one), one));
        return new ArrayList<>(merged.values());
    }

    private static <T> Map<String, T> map(Map<String, T> now, Map<String, T> wanted) {
        Map<String, T> merged = new LinkedHashMap<>(now);
        merged.putAll(wanted);
        return merged;
    }
}
