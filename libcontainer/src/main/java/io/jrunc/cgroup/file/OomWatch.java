// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.linux.Fd;

/** Hears when a container's memory has run out. To be closed. */
public interface OomWatch extends AutoCloseable {
    /** Readable when it is worth while to ask {@link #hasHappened}; lent. */
    Fd descriptor();

    /** Returns whether memory has run out since this was last asked, or since the watch began. */
    boolean hasHappened();

    @Override
    void close();
}
