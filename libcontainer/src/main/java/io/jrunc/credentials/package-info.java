// SPDX-License-Identifier: Apache-2.0
/**
 * Users, groups and capabilities of a process, and when it gives up the others. The entries are
 * {@link io.jrunc.credentials.Identity}, {@link io.jrunc.credentials.CapabilitySets} and the step
 * {@link io.jrunc.credentials.GiveUpPrivileges}. Maps of user namespaces belong in {@code
 * namespace}.
 */
@NullMarked
package io.jrunc.credentials;

import org.jspecify.annotations.NullMarked;
