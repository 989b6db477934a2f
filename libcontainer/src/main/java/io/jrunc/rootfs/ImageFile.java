// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Stat;

/**
 * What an image has at a path, and its content if that is a regular file which the runtime may
 * read.
 */
public final class ImageFile implements AutoCloseable {
    private final Errno error;
    private final Stat stat;
    private final Fd content;

    /**
     * A file that was looked at.
     *
     * @param error why nothing was found; null if something was
     * @param stat what was found; null if nothing was
     * @param content open in the runtime; null or not open if it cannot be read
     */
    ImageFile(Errno error, Stat stat, Fd content) {
        this.error = error;
        this.stat = stat;
        this.content = content;
    }

    /** Returns whether there is nothing at the path, for certain. */
    public boolean isMissing() {
        return error == Errno.ENOENT || error == Errno.ENOTDIR;
    }

    /** Returns what is known of it; null if it was not found. */
    public Stat stat() {
        return stat;
    }

    /** Returns whether it is a regular file that the runtime may read. */
    public boolean isReadable() {
        return content != null && content.isOpen();
    }

    /** Returns its content, open in the runtime, lent; only if {@link #isReadable}. */
    public Fd content() {
        return content;
    }

    @Override
    public void close() {
        if (content != null) {
            content.close();
        }
    }
}
