// SPDX-License-Identifier: Apache-2.0
/**
 * The resident runtime: {@link io.jrunc.cli.serve.Server} does the frequent commands of many
 * launchers, one after another and side by side, so that none of them waits for a JVM's start. What
 * a command does is in {@code io.jrunc.cli.command}; how it is started from a shell, in {@link
 * io.jrunc.cli.command.ServeCommand}.
 */
@NullMarked
package io.jrunc.cli.serve;

import org.jspecify.annotations.NullMarked;
