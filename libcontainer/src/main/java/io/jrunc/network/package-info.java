// SPDX-License-Identifier: Apache-2.0
/**
 * Network devices that move into a container: the step that moves them and its undo. The messages
 * are next door in {@code linux.netlink}. That a network namespace exists and its loopback is up is
 * the business of {@code process}.
 */
@NullMarked
package io.jrunc.network;

import org.jspecify.annotations.NullMarked;
