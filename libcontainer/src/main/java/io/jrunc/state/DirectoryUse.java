// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

/**
 * Counts the operations that use a state directory. Closed, it lets no other begin, and closes the
 * directory after the last.
 */
public final class DirectoryUse {
    private final StateDirectory directory;
    private int operations;
    private boolean closed;

    public DirectoryUse(StateDirectory directory) {
        this.directory = directory;
    }

    /** Takes note of an operation; {@link IllegalStateException} once this is closed. */
    public synchronized void begin() {
        requireOpen();
        operations++;
    }

    /** Throws {@link IllegalStateException} once this is closed. */
    public synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("container " + directory.id() + " is closed");
        }
    }

    /** Takes note of an operation's end. */
    public synchronized void end() {
        operations--;
        if (closed && operations == 0) {
            directory.close();
        }
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Lets no other operation begin; returns false if this was closed already. */
    public synchronized boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
        if (operations == 0) {
            directory.close();
        }
        return true;
    }
}
