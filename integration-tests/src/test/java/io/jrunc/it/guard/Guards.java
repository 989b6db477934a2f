// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.local.Libc;
import jnr.ffi.Runtime;

/** The guard in force. */
final class Guards {
    /** Makes every call. */
    static final Guard NONE =
            new Guard() {
                @Override
                public long syscall(Libc libc, long[] words) {
                    return pass(libc, words);
                }

                @Override
                public int spawn(Libc libc) {
                    return 0;
                }
            };

    private static volatile Guard current = NONE;

    private Guards() {}

    static Guard current() {
        return current;
    }

    static void post(Guard guard) {
        current = guard;
    }

    /** Makes the call; the result, or the negative errno. */
    static long pass(Libc libc, long... words) {
        long result =
                libc.syscall(words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
        return result == -1 ? -Runtime.getSystemRuntime().getLastError() : result;
    }
}
