// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.Set;

/** One bit of a flags argument, by the name that the manual gives it. */
public interface Flag {
    /** Returns the bit as the kernel knows it. */
    long bit();

    /** Returns the name in the kernel's headers, e.g. {@code MS_NOSUID}. */
    String constant();

    /** Returns all bits of {@code flags} in one word. */
    static long bits(Set<? extends Flag> flags) {
        long bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bit();
        }
        return bits;
    }

    /** As strace(1) prints them: {@code MS_NOSUID|MS_NODEV}, or {@code 0}. */
    static String names(Set<? extends Flag> flags) {
        StringBuilder names = new StringBuilder();
        for (Flag flag : flags) {
            names.append(names.length() == 0 ? "" : "|").append(flag.constant());
        }
        return names.length() == 0 ? "0" : names.toString();
    }
}
