// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.List;

/** The flags of seccomp(2) for a profile. */
public final class SeccompFlags {
    /** {@code SECCOMP_FILTER_FLAG_NEW_LISTENER}: the call returns the descriptor to listen on. */
    private static final int NEW_LISTENER = 1 << 3;

    private SeccompFlags() {}

    /** Computes the bits for {@code SECCOMP_SET_MODE_FILTER}. */
    public static int of(Seccomp profile) {
        boolean notifies = profile.notifies();
        int bits = notifies ? NEW_LISTENER : 0;
        if (profile.flags().isEmpty()) {
            // As runc: without it the kernel turns on a mitigation that costs several percent.
            return bits | FilterFlag.SPEC_ALLOW.bit();
        }
        List<FilterFlag> flags = profile.flags().get();
        for (FilterFlag flag : flags) {
            if (flag == FilterFlag.TSYNC) {
                // The filter is loaded by a process with one thread: nothing to synchronise.
                continue;
            }
            if (flag == FilterFlag.WAIT_KILLABLE_RECV && !notifies) {
                // The kernel refuses it without a listener; libseccomp drops it as well.
                continue;
            }
            bits |= flag.bit();
        }
        return bits;
    }

    /** Returns the same flags for a process whose filter is not to notify anything. */
    public static int withoutListener(int flags) {
        return flags & ~(NEW_LISTENER | FilterFlag.WAIT_KILLABLE_RECV.bit());
    }
}
