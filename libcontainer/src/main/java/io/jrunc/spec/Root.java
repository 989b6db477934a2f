// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * {@code root}: the root filesystem. Source: runtime-spec config.md#root.
 *
 * @param path a directory on the host, absolute or relative to the bundle
 * @param readonly whether the container sees it read-only; absent is false
 */
public record Root(String path, boolean readonly) {}
