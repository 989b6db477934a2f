// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Optional;

/**
 * An entry of {@code linux.namespaces}. Source: runtime-spec config-linux.md#namespaces,
 * namespaces(7).
 *
 * @param path an existing namespace to join, absolute; absent creates a new one
 */
public record Namespace(NamespaceType type, Optional<String> path) {}
