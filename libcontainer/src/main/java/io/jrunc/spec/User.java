// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * {@code process.user}: numeric ids inside the container. Source: runtime-spec config.md#user.
 *
 * @param uid 0 to {@link #ID_MAX}; absent is 0
 * @param gid 0 to {@link #ID_MAX}; absent is 0
 * @param umask 0 to 0777; absent leaves the choice to the runtime
 * @param additionalGids supplementary groups, each 0 to {@link #ID_MAX}
 */
public record User(long uid, long gid, OptionalInt umask, List<Long> additionalGids) {
    public static final int UMASK_MAX = 0777;

    /** The next is -1, which to setresuid(2) means: the user that it is, and so root. */
    public static final long ID_MAX = Ranges.UINT32_MAX - 1;

    /** Root without supplementary groups. */
    public static final User ROOT = new User(0, 0, OptionalInt.empty(), List.of());

    public User {
        additionalGids = List.copyOf(additionalGids);
        Ranges.check("process.user.uid", uid, 0, ID_MAX);
        Ranges.check("process.user.gid", gid, 0, ID_MAX);
        Ranges.check("process.user.umask", umask, 0, UMASK_MAX);
        for (long extra : additionalGids) {
            Ranges.check("process.user.additionalGids", extra, 0, ID_MAX);
        }
    }
}
