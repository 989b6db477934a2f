// SPDX-License-Identifier: Apache-2.0
/**
 * Rules between the fields of a document, and between a document and the host: an ordered list of
 * named {@link io.jrunc.validate.Check}s.
 *
 * <p>What a value means on its own is checked where it is read, next door in {@code spec}; what
 * only the kernel can know is left to the kernel.
 */
@NullMarked
package io.jrunc.validate;

import org.jspecify.annotations.NullMarked;
