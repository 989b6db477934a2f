// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.OptionalLong;

/**
 * Huge pages of one size: those that are reserved, touched or not, or, before Linux 5.7, those that
 * are touched.
 *
 * @param bytes in use now
 * @param peakBytes most that ever were in use; absent on v2, which does not say
 * @param failures how often the limit was reached
 */
public record HugetlbStats(long bytes, OptionalLong peakBytes, long failures) {}
