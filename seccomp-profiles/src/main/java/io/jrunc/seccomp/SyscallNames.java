// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Names of system calls by number. */
public final class SyscallNames {
    private SyscallNames() {}

    /** Returns all of an architecture; a few calls have two names. */
    public static NavigableMap<Long, List<String>> byNumber(Architecture architecture) {
        NavigableMap<Long, List<String>> names = new TreeMap<>();
        for (int index = 0; index < SyscallTable.count(); index++) {
            int number = SyscallTable.number(architecture, index);
            if (number != SyscallTable.ABSENT) {
                names.computeIfAbsent(Integer.toUnsignedLong(number), n -> new ArrayList<>())
                        .add(SyscallTable.name(index));
            }
        }
        return names;
    }
}
