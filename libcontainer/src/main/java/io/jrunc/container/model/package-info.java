// SPDX-License-Identifier: Apache-2.0
/**
 * What callers of {@code container} give and get: a {@link io.jrunc.container.model.Bundle},
 * options, streams, a {@link io.jrunc.container.model.ProcessSpawner}, a status. Values of a
 * specification belong in {@code spec}. Bundles, options and statuses never change, and are for use
 * by any thread.
 */
@NullMarked
package io.jrunc.container.model;

import org.jspecify.annotations.NullMarked;
