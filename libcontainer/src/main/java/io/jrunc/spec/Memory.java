// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code linux.resources.memory}. Of the limits, in bytes, -1 is no limit and absent or 0 leaves
 * the file alone. Source: runtime-spec config-linux.md#memory.
 *
 * @param limit of memory
 * @param reservation a soft limit
 * @param swap a limit of memory and swap together
 * @param kernel a limit that Linux 5.4 abandoned
 * @param kernelTcp a limit that only cgroup v1 knows
 * @param swappiness 0 to 100; only for cgroup v1; absent leaves the file alone
 * @param disableOomKiller only for cgroup v1; absent leaves the file alone
 * @param useHierarchy only for old kernels with cgroup v1; absent leaves the file alone
 * @param checkBeforeUpdate whether an update below the present usage is refused; absent does not
 *     check
 */
public record Memory(
        OptionalLong limit,
        OptionalLong reservation,
        OptionalLong swap,
        OptionalLong kernel,
        OptionalLong kernelTcp,
        OptionalInt swappiness,
        Optional<Boolean> disableOomKiller,
        Optional<Boolean> useHierarchy,
        Optional<Boolean> checkBeforeUpdate) {
    public static final int SWAPPINESS_MAX = 100;
    private static final String FIELD = "linux.resources.memory.";

    /** No limits. */
    public static final Memory NONE =
            limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** These, in bytes, and nothing else. */
    public static Memory limits(OptionalLong limit, OptionalLong reservation, OptionalLong swap) {
        return new Memory(
                limit,
                reservation,
                swap,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Memory {
        Ranges.check(FIELD + "limit", limit, -1, Long.MAX_VALUE);
        Ranges.check(FIELD + "reservation", reservation, -1, Long.MAX_VALUE);
        Ranges.check(FIELD + "swap", swap, -1, Long.MAX_VALUE);
        Ranges.check(FIELD + "kernel", kernel, -1, Long.MAX_VALUE);
        Ranges.check(FIELD + "kernelTCP", kernelTcp, -1, Long.MAX_VALUE);
        Ranges.check(FIELD + "swappiness", swappiness, 0, SWAPPINESS_MAX);
    }

    /** Returns whether it asks for anything that a kernel of today does. */
    public boolean isSet() {
        return Ranges.isSet(limit)
                || Ranges.isSet(reservation)
                || Ranges.isSet(swap)
                || Ranges.isSet(kernelTcp)
                || swappiness.isPresent()
                || disableOomKiller.orElse(false);
    }

    /** Returns these limits as they are once {@code wanted} is set; what it leaves out stays. */
    Memory changedBy(Memory wanted) {
        // No limit of memory is none of memory and swap: the old sum would go on limiting.
        boolean unlimited = wanted.limit.orElse(0) == -1 && !Ranges.isSet(wanted.swap);
        return new Memory(
                Change.of(limit, wanted.limit),
                Change.of(reservation, wanted.reservation),
                unlimited ? OptionalLong.of(-1) : Change.of(swap, wanted.swap),
                Change.of(kernel, wanted.kernel),
                Change.of(kernelTcp, wanted.kernelTcp),
                wanted.swappiness.isPresent() ? wanted.swappiness : swappiness,
                Change.of(disableOomKiller, wanted.disableOomKiller),
                Change.of(useHierarchy, wanted.useHierarchy),
                Change.of(checkBeforeUpdate, wanted.checkBeforeUpdate));
    }
}
