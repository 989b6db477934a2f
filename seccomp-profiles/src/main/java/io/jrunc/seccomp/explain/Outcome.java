// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.linux.Errno;
import io.jrunc.seccomp.Action;

/** What a filter returns, in words. Source: seccomp(2). */
final class Outcome {
    private static final int DATA = 0xffff;

    private Outcome() {}

    /** {@code ALLOW}, {@code ERRNO EPERM}, {@code TRACE 5}. */
    static String of(int value) {
        for (Action action : Action.values()) {
            if (action != Action.KILL && action.returnValue(0) == (value & ~DATA)) {
                int data = value & DATA;
                return action.takesErrno() ? action + " " + data(action, data) : action.name();
            }
        }
        return "0x" + Integer.toHexString(value);
    }

    private static String data(Action action, int data) {
        if (action == Action.ERRNO) {
            for (Errno errno : Errno.values()) {
                if (errno.number() == data) {
                    return errno.name();
                }
            }
        }
        return Integer.toString(data);
    }
}
