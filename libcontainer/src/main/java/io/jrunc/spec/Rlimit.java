// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * An entry of {@code process.rlimits}. Source: runtime-spec config.md#posix-process, getrlimit(2).
 *
 * @param soft unsigned, in the unit of the resource; 2^64-1 is no limit
 * @param hard unsigned, the ceiling of the soft limit; 2^64-1 is no limit
 */
public record Rlimit(RlimitType type, long soft, long hard) {
    /** {@code RLIM_INFINITY}: 2^64-1. */
    public static final long INFINITY = -1;
}
