// SPDX-License-Identifier: Apache-2.0
/**
 * What this host has, probed once: {@link io.jrunc.host.Host} for cgroup hierarchies, kernel
 * features and security modules, and ids that no user has. What a specification needs of them is
 * decided in {@code validate}.
 */
@NullMarked
package io.jrunc.host;

import org.jspecify.annotations.NullMarked;
