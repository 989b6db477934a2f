// SPDX-License-Identifier: Apache-2.0
/**
 * Completion of command lines in shells: {@link io.jrunc.cli.completion.CompletionScripts} writes a
 * script for each shell from the descriptions of the commands. What a command takes is described
 * next door in {@code cli.command}.
 */
@NullMarked
package io.jrunc.cli.completion;

import org.jspecify.annotations.NullMarked;
