// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.OptionalLong;

/**
 * One kind of memory.
 *
 * @param bytes in use now
 * @param peakBytes most that ever were in use; absent on v2 before Linux 5.19, and for swap there
 * @param limitBytes without sign; see {@link #isLimited}
 * @param failures how often the limit was reached; 0 on v2, which does not say
 */
public record MemoryCounter(long bytes, OptionalLong peakBytes, long limitBytes, long failures) {
    private static final long NO_MACHINE_HAS = 1L << 62;

    /**
     * Returns whether there is a limit. Without one, {@link #limitBytes} is what the kernel shows:
     * all the pages that fit into 63 bits on v1, and here 2^64 - 1 for the "max" of v2.
     */
    public boolean isLimited() {
        return Long.compareUnsigned(limitBytes, NO_MACHINE_HAS) < 0;
    }
}
