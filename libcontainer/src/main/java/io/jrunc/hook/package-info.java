// SPDX-License-Identifier: Apache-2.0
/**
 * Programs that the specification names to be run at certain moments of a container's life, outside
 * or inside of it. Source: runtime-spec config.md#posix-platform-hooks.
 */
package io.jrunc.hook;
