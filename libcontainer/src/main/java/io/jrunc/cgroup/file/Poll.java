// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

/** Polls for changes that produce no event. */
public final class Poll {
    private Poll() {}

    /** Lets some time pass; less if the thread is interrupted, which it stays. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
