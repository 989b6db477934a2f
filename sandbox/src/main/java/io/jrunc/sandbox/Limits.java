// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

/**
 * Whether a sandbox has limits of memory, processes and processors, and what happens if one cannot
 * be set, because no cgroup is delegated to this program.
 */
public enum Limits {
    /** The sandbox is refused. */
    REQUIRED,
    /** The sandbox does without the limit; {@link Result} lacks what the cgroup would count. */
    BEST_EFFORT,
    /**
     * No limit is set, and nothing is counted: the sandbox stays in the cgroup of this program and
     * starts a little faster. Time and output are limited as always.
     */
    NONE
}
