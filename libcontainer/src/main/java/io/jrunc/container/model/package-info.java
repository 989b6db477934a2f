// SPDX-License-Identifier: Apache-2.0
/**
 * What callers of {@code container} give and get: a {@link io.jrunc.container.model.Bundle},
 * options, streams, a {@link io.jrunc.container.model.ProcessSpawner}, a status. Values of a
 * specification belong in {@code spec}.
 */
@NullMarked
package io.jrunc.container.model;

import org.jspecify.annotations.NullMarked;
