// SPDX-License-Identifier: Apache-2.0
/**
 * One class per command, each a {@link io.jrunc.cli.command.Command}: it parses its arguments,
 * calls the library once, and prints the result. Arguments, global options and help are here too.
 * Text of more than a few lines is made in {@code cli.output}.
 */
@NullMarked
package io.jrunc.cli.command;

import org.jspecify.annotations.NullMarked;
