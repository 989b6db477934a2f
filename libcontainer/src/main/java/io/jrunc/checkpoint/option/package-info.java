// SPDX-License-Identifier: Apache-2.0
/**
 * What callers may ask criu(8) for. Programs that embed the library see this, not {@code
 * checkpoint}.
 */
@NullMarked
package io.jrunc.checkpoint.option;

import org.jspecify.annotations.NullMarked;
