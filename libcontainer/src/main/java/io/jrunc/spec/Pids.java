// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.OptionalLong;

/**
 * {@code linux.resources.pids}. Source: runtime-spec config-linux.md#pids.
 *
 * @param limit tasks in the cgroup; -1 is no limit, 0 is a real limit, absent leaves the file alone
 */
public record Pids(OptionalLong limit) {
    /** No limit. */
    public static final Pids NONE = new Pids(OptionalLong.empty());

    public Pids {
        Ranges.check("linux.resources.pids.limit", limit, -1, Long.MAX_VALUE);
    }
}
