// SPDX-License-Identifier: Apache-2.0
/**
 * The commands that show what containers use: {@link io.jrunc.cli.usage.EventsCommand} line by
 * line, {@link io.jrunc.cli.usage.TopCommand} for all at once. What the kernel has counted is read
 * in {@code cgroup.stats}.
 */
@NullMarked
package io.jrunc.cli.usage;

import org.jspecify.annotations.NullMarked;
