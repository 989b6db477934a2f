// SPDX-License-Identifier: Apache-2.0
/**
 * What is kept of a container between two commands: {@link io.jrunc.state.StateRoot}, one {@link
 * io.jrunc.state.StateDirectory} for each container with its lock, {@link io.jrunc.state.State} in
 * {@code state.json}, and the checks that a pid or a directory found later is still the
 * container's. What is done with a container belongs in {@code container}.
 */
@NullMarked
package io.jrunc.state;

import org.jspecify.annotations.NullMarked;
