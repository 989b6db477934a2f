// SPDX-License-Identifier: Apache-2.0
/**
 * The namespaces of a container: created or joined by the stage, the maps of the user namespace,
 * and the clone of init into them. The entry is {@link io.jrunc.namespace.NamespaceSteps}. What
 * init does inside belongs in {@code rootfs} and {@code process}.
 */
@NullMarked
package io.jrunc.namespace;

import org.jspecify.annotations.NullMarked;
