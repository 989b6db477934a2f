// SPDX-License-Identifier: Apache-2.0
/**
 * How set-ups run, whatever they set up: {@link io.jrunc.setup.Plan} takes {@link
 * io.jrunc.setup.Step}s in {@link io.jrunc.setup.Phase}s on a {@link io.jrunc.setup.SetupContext},
 * and a {@link io.jrunc.setup.Rollback} takes back what was made. The steps belong in the package
 * of their subject, the recipes in {@code operation}.
 */
@NullMarked
package io.jrunc.setup;

import org.jspecify.annotations.NullMarked;
