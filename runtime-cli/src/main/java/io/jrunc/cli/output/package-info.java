// SPDX-License-Identifier: Apache-2.0
/**
 * What commands print and log: {@link io.jrunc.cli.output.Log} in the formats of runc, and texts
 * that take more than a few lines. Nothing here knows of a command.
 */
@NullMarked
package io.jrunc.cli.output;

import org.jspecify.annotations.NullMarked;
