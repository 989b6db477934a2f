// SPDX-License-Identifier: Apache-2.0
/** What the kernel has counted for a container's cgroups; no behaviour. */
@NullMarked
package io.jrunc.cgroup.stats;

import org.jspecify.annotations.NullMarked;
