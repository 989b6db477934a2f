// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Stat;
import java.util.Optional;

/**
 * What an image has at a path, and its content if that is a regular file which the runtime may
 * read.
 */
public final class ImageFile implements AutoCloseable {
    private final boolean missing;
    private final Optional<Stat> stat;
    private final Optional<Fd> content;

    private ImageFile(boolean missing, Optional<Stat> stat, Optional<Fd> content) {
        this.missing = missing;
        this.stat = stat;
        this.content = content;
    }

    /** Returns that nothing was found, because of {@code error}. */
    static ImageFile notFound(Errno error) {
        boolean missing = error == Errno.ENOENT || error == Errno.ENOTDIR;
        return new ImageFile(missing, Optional.empty(), Optional.empty());
    }

    /**
     * Returns a file that was looked at.
     *
     * @param content of a regular file, open in the runtime; not open if it cannot be read
     */
    static ImageFile found(Stat stat, Optional<Fd> content) {
        return new ImageFile(false, Optional.of(stat), content);
    }

    /** Returns whether there is nothing at the path, for certain. */
    public boolean isMissing() {
        return missing;
    }

    /** Returns what is known of it; empty if it was not found. */
    public Optional<Stat> stat() {
        return stat;
    }

    /** Returns whether it is a regular file that the runtime may read. */
    public boolean isReadable() {
        return content.isPresent() && content.get().isOpen();
    }

    /** Returns its content, open in the runtime, lent; only if {@link #isReadable}. */
    public Fd content() {
        return content.orElseThrow();
    }

    /** Returns how long its content is, or {@code most}; only if {@link #isReadable}. */
    public int length(int most) {
        return (int) Math.min(stat.orElseThrow().size(), (long) most);
    }

    @Override
    public void close() {
        if (content.isPresent()) {
            content.get().close();
        }
    }
}
