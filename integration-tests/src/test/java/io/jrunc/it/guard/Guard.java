// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.local.Libc;

/** Intercepts system calls: makes them, or fails them. Called by the thread that makes the call. */
interface Guard {
    /**
     * Makes the call, or not.
     *
     * @param words number and six arguments, as for syscall(2)
     * @return the result, or the negative errno
     */
    long syscall(Libc libc, long[] words);

    /** An errno instead of what posix_spawn(3) would have done; 0 lets it be done. */
    int spawn(Libc libc);
}
