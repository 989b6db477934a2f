// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

/**
 * How a quota of processor time held processes back.
 *
 * @param periods that have passed while there was a quota
 * @param throttledPeriods in which the quota was used up
 * @param throttledNanos how long processes had to wait for the next period, all together
 */
public record Throttling(long periods, long throttledPeriods, long throttledNanos) {}
