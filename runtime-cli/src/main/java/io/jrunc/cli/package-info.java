// SPDX-License-Identifier: Apache-2.0
/**
 * Dispatch: {@link io.jrunc.cli.Main} serves one request of the launcher, finds the command by its
 * name and ends with its status. What a command does is next door in {@code cli.command}. Only in
 * {@code cli} and the packages below it is anything printed.
 */
@NullMarked
package io.jrunc.cli;

import org.jspecify.annotations.NullMarked;
