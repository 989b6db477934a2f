// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;

/**
 * Ends this program some time after the launcher is gone. A create notices this by itself and
 * undoes what it has done, but not while it waits for a process that hangs, for example in a file
 * system that does not answer; and it holds the container's lock, for which a delete waits.
 */
public final class LauncherWatch extends Thread {
    private static final long FOR_EVER_MILLIS = Integer.MAX_VALUE;
    private static final long GRACE_MILLIS = 5000;

    private final Fd socket;
    private volatile boolean dismissed;

    public LauncherWatch(Fd socket) {
        super("launcher watch");
        setDaemon(true);
        this.socket = socket;
    }

    /** From now on the launcher hangs up because nothing is left to be said. */
    void dismiss() {
        dismissed = true;
    }

    @Override
    public void run() {
        try {
            LocalKernel.get().processes().awaitHangup(socket, FOR_EVER_MILLIS);
            Thread.sleep(GRACE_MILLIS);
            if (!dismissed) {
                LocalKernel.get().processes().exit(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
