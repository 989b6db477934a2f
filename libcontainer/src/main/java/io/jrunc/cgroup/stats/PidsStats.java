// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.OptionalLong;

/**
 * Processes and threads.
 *
 * @param current how many there are; where there is no controller for them, only processes
 * @param limit how many there may be; absent: as many as the host can have
 */
public record PidsStats(long current, OptionalLong limit) {}
