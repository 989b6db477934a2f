// SPDX-License-Identifier: Apache-2.0
/**
 * Output in a form that the caller chooses, as with the option {@code --format} of Docker and
 * Podman: {@link io.jrunc.cli.template.Rows} prints containers and processes. No command needs this
 * package for its default output.
 */
@NullMarked
package io.jrunc.cli.template;

import org.jspecify.annotations.NullMarked;
