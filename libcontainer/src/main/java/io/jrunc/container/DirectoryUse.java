package io.jrunc.container;

/**
 * Counts the operations that use a state directory. Closed, it lets no other begin, and closes the
 * directory after the last.
 */
final class DirectoryUse {
    private final StateDirectory directory;
    private int operations;
    private boolean closed;

    DirectoryUse(StateDirectory directory) {
        this.directory = directory;
    }

    /** Takes note of an operation; {@link IllegalStateException} once this is closed. */
    synchronized void begin() {
        if (closed) {
            throw new IllegalStateException("container " + directory.id() + " is closed");
        }
        operations++;
    }

    /** Takes note of an operation's end. */
    synchronized void end() {
        operations--;
        if (closed && operations == 0) {
            directory.close();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Lets no other operation begin; returns false if this was closed already. */
    synchronized boolean close() {
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
