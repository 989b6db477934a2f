// SPDX-License-Identifier: Apache-2.0
/**
 * Programs that the specification names to be run at certain moments of a container's life, outside
 * or inside of it. Source: runtime-spec config.md#posix-platform-hooks.
 */
@NullMarked
package io.jrunc.hook;

import org.jspecify.annotations.NullMarked;
