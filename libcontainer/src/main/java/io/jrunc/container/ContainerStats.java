// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.resctrl.stats.ResctrlStats;
import java.util.Optional;

/**
 * What the kernel and the processor have counted for a container.
 *
 * @param cgroup for its cgroups
 * @param resctrl for its resctrl group; absent if {@code linux.intelRdt} is
 */
public record ContainerStats(CgroupStats cgroup, Optional<ResctrlStats> resctrl) {}
