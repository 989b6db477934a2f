// SPDX-License-Identifier: Apache-2.0
/**
 * The conversation with the launcher, the process that the caller started: {@link
 * io.jrunc.cli.launcher.Request} has its arguments and environment, {@link
 * io.jrunc.cli.launcher.Launcher} has it start and supervise processes. Its other end is in {@code
 * src/main/c}.
 */
@NullMarked
package io.jrunc.cli.launcher;

import org.jspecify.annotations.NullMarked;
