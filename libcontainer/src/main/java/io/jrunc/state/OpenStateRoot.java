// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A {@link StateRoot} that is open: the way to it is examined once for all directories that are
 * opened in it, instead of once for each. To be closed after them.
 */
public final class OpenStateRoot implements AutoCloseable {
    private final Files files;
    private final Fd root;
    private final Consumer<String> notices;

    OpenStateRoot(Files files, Fd root, Consumer<String> notices) {
        this.files = files;
        this.root = root;
        this.notices = notices;
    }

    /**
     * Returns the names of all directories, whether or not there is a container in them, sorted.
     */
    public List<String> ids() {
        try (Fd listed = files.openAt(root, ".", OpenFlag.DIRECTORY)) {
            List<String> ids = new ArrayList<>(files.directories().list(listed));
            ids.sort(null);
            return ids;
        }
    }

    /** Opens the directory of container {@code id}; empty if there is none. */
    public Optional<StateDirectory> directory(String id) {
        Fd directory = files.openIfExists(root, id, OpenFlag.DIRECTORY);
        return directory.isOpen()
                ? Optional.of(StateDirectory.inOpenRoot(files, root, id, directory, notices))
                : Optional.empty();
    }

    @Override
    public void close() {
        root.close();
    }
}
