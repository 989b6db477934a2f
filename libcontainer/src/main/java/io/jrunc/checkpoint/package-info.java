// SPDX-License-Identifier: Apache-2.0
/**
 * Speaks with criu(8), and knows what of a container lies outside of it: mounts, namespaces and
 * streams that an image cannot hold. The operations that dump and restore belong in {@code
 * operation}. This is the only package that knows protobuf; nothing of it is loaded by other
 * commands.
 */
@NullMarked
package io.jrunc.checkpoint;

import org.jspecify.annotations.NullMarked;
