// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

/** What happens if a limit cannot be set, because no cgroup is delegated to this program. */
public enum Limits {
    /** The sandbox is refused. */
    REQUIRED,
    /** The sandbox does without the limit; {@link Result} lacks what the cgroup would count. */
    BEST_EFFORT
}
