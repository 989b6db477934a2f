// SPDX-License-Identifier: Apache-2.0
/**
 * Which system calls a container makes, and which are denied: {@link
 * io.jrunc.confinement.record.CallListener} listens to a filter that notifies of all of them,
 * {@link io.jrunc.confinement.record.DenialsInLog} reads the kernel's log. The filter that follows
 * is computed in {@code seccomp.record}.
 */
@NullMarked
package io.jrunc.confinement.record;

import org.jspecify.annotations.NullMarked;
