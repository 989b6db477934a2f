// SPDX-License-Identifier: Apache-2.0
/**
 * The commands about filters, of which {@link io.jrunc.cli.seccomp.SeccompCommand} has the names.
 * What they print is computed in {@code io.jrunc.seccomp}.
 */
@NullMarked
package io.jrunc.cli.seccomp;

import org.jspecify.annotations.NullMarked;
