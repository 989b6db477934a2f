// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * A value of {@code linux.timeOffsets}. Source: runtime-spec
 * config-linux.md#offset-for-time-namespace.
 *
 * @param secs seconds, may be negative; absent is 0
 * @param nanosecs added to them, 0 to 999999999; absent is 0
 */
public record TimeOffset(long secs, long nanosecs) {
    public static final long NANOS_MAX = 999_999_999;

    public TimeOffset {
        Ranges.check("nanosecs", nanosecs, 0, NANOS_MAX);
    }
}
