// SPDX-License-Identifier: Apache-2.0
/**
 * Checks how well a container is confined, and names remedies. Each {@code Rule} checks one
 * subject; the entry {@link io.jrunc.confinement.audit.Audit} has them all. Whether a document is
 * valid is decided in {@code validate}; a valid document may still confine badly, which is checked
 * here.
 */
@NullMarked
package io.jrunc.confinement.audit;

import org.jspecify.annotations.NullMarked;
