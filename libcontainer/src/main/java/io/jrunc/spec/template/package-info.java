// SPDX-License-Identifier: Apache-2.0
/**
 * The specifications that {@code jrunc spec} begins with: {@link
 * io.jrunc.spec.template.DefaultSpec} as runc writes it, and {@link
 * io.jrunc.spec.template.HardenedSpec}.
 */
@NullMarked
package io.jrunc.spec.template;

import org.jspecify.annotations.NullMarked;
