// SPDX-License-Identifier: Apache-2.0
/**
 * Control groups: what hierarchies this host has, a container's groups in each, its limits and
 * devices. {@code v1} and {@code v2} differ in files and values; {@link
 * io.jrunc.cgroup.CgroupSetup} is the place that chooses.
 */
@NullMarked
package io.jrunc.cgroup;

import org.jspecify.annotations.NullMarked;
