// SPDX-License-Identifier: Apache-2.0
/**
 * What containers use, in the words and columns that a person reads: {@link
 * io.jrunc.cli.usage.UsageTable} for one container line by line. What the kernel has counted is in
 * {@code cgroup.stats}.
 */
@NullMarked
package io.jrunc.cli.usage;

import org.jspecify.annotations.NullMarked;
