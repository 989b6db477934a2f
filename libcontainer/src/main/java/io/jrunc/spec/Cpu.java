// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code linux.resources.cpu}. Absent leaves the file alone. Source: runtime-spec
 * config-linux.md#cpu.
 *
 * @param shares unsigned, a weight beside the other cgroups; 0 counts as absent
 * @param quota microseconds of CPU time per period; negative is no limit, 0 counts as absent
 * @param burst unsigned, microseconds that may be saved up and spent on top of the quota
 * @param period unsigned, microseconds; 0 counts as absent
 * @param realtimeRuntime microseconds of real-time scheduling per period; only for cgroup v1
 * @param realtimePeriod unsigned, microseconds; only for cgroup v1
 * @param cpus a list such as {@code 0-3,7}
 * @param mems a list of memory nodes such as {@code 0-1}
 * @param idle 1 for SCHED_IDLE, 0 for the default
 */
public record Cpu(
        OptionalLong shares,
        OptionalLong quota,
        OptionalLong burst,
        OptionalLong period,
        OptionalLong realtimeRuntime,
        OptionalLong realtimePeriod,
        Optional<String> cpus,
        Optional<String> mems,
        OptionalInt idle) {
    /** No limits. */
    public static final Cpu NONE =
            new Cpu(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty());

    public Cpu {
        Ranges.check("linux.resources.cpu.idle", idle, 0, 1);
    }

    /** Returns whether it asks for a share or a limit of time. */
    public boolean hasTime() {
        return Ranges.isSet(shares)
                || Ranges.isSet(quota)
                || Ranges.isSet(period)
                || burst.isPresent()
                || Ranges.isSet(realtimeRuntime)
                || Ranges.isSet(realtimePeriod)
                || idle.isPresent();
    }

    /** Returns whether it asks for certain processors or memory nodes. */
    public boolean hasPlaces() {
        return !cpus.orElse("").isEmpty() || !mems.orElse("").isEmpty();
    }

    /**
     * Returns these limits as they are once {@code wanted} is set; what it leaves out stays.
     *
     * @param idleThen what idle is then: files of {@code unified} change it, too
     */
    Cpu changedBy(Cpu wanted, OptionalInt idleThen) {
        // An idle cgroup has no weight, and the kernel refuses to set one.
        boolean becomesIdle = wanted.idle.orElse(0) == 1 && !Ranges.isSet(wanted.shares);
        return new Cpu(
                becomesIdle ? OptionalLong.empty() : Change.of(shares, wanted.shares),
                Change.of(quota, wanted.quota),
                wanted.burst.isPresent() ? wanted.burst : burst,
                Change.of(period, wanted.period),
                Change.of(realtimeRuntime, wanted.realtimeRuntime),
                Change.of(realtimePeriod, wanted.realtimePeriod),
                Change.ofText(cpus, wanted.cpus),
                Change.ofText(mems, wanted.mems),
                idleThen);
    }
}
