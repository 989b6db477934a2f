// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.linux.Errno;
import io.jrunc.seccomp.Action;

/** What a filter returns, in words. Source: seccomp(2). */
public final class Outcome {
    private static final int DATA = 0xffff;

    private Outcome() {}

    /** {@code ALLOW}, {@code ERRNO EPERM}, {@code TRACE 5}. */
    public static String of(int value) {
        for (Action action : Action.values()) {
            if (action != Action.KILL && action.returnValue(0) == (value & ~DATA)) {
                int data = value & DATA;
                return action.takesErrno() ? action + " " + data(action, data) : action.name();
            }
        }
        return "0x" + Integer.toHexString(value);
    }

    private static String data(Action action, int data) {
        Errno errno = action == Action.ERRNO ? known(data) : null;
        return errno == null ? Integer.toString(data) : errno.name();
    }

    private static Errno known(int number) {
        for (Errno errno : Errno.values()) {
            if (errno.number() == number) {
                return errno;
            }
        }
        return null;
    }
}
