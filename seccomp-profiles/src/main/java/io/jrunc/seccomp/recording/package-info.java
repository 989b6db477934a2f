// SPDX-License-Identifier: Apache-2.0
/**
 * A filter made of the calls that a program was observed to make. The entry is {@link
 * io.jrunc.seccomp.recording.Recording}. Observing a container belongs in {@code recording}.
 */
@NullMarked
package io.jrunc.seccomp.recording;

import org.jspecify.annotations.NullMarked;
