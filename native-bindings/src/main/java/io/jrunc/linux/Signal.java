// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** Numbers of signals, the same on all machines that this program supports. signal(7). */
public final class Signal {
    public static final int SIGKILL = 9;
    public static final int SIGCHLD = 17;
    public static final int SIGSYS = 31;

    private static final int STATUS_SIGNAL = 0x7f;

    private Signal() {}

    /** Returns the signal that ended a process, 0 if none did. wait(2), {@code WTERMSIG}. */
    public static int ofWaitStatus(int status) {
        return status & STATUS_SIGNAL;
    }
}
