// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.checkpoint.option.CgroupsMode;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.checkpoint.option.NetworkLock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How to dump a container.
 *
 * @param image the directory of the image, absolute; made if it is missing
 * @param work the directory of the log, absolute; absent: that of the image
 * @param parent an earlier image, relative to {@code image}, whose pages are not written again
 * @param preDump whether only memory is written, while the container goes on
 * @param flags what is asked of criu with a word
 * @param pageServer where pages are sent; absent: to the image
 * @param cgroups how cgroups are treated
 * @param networkLock how packets are kept away; absent: criu's choice
 * @param emptyNetwork whether what is in the network namespace is left out
 * @param watcher receives how far it is
 */
public record CheckpointOptions(
        String image,
        Optional<String> work,
        Optional<String> parent,
        boolean preDump,
        Set<CriuFlag> flags,
        Optional<PageServer> pageServer,
        CgroupsMode cgroups,
        Optional<NetworkLock> networkLock,
        boolean emptyNetwork,
        Watcher watcher) {
    public CheckpointOptions {
        flags = Set.copyOf(flags);
    }

    /** Where criu(8) receives pages. */
    public record PageServer(String address, int port) {}

    /** Watches a container being dumped. */
    public interface Watcher {
        /**
         * Is called several times in a second.
         *
         * @param written bytes of memory that are in the image
         * @param all bytes of memory that the container has; 0 if it is not known
         */
        default void progress(long written, long all) {}

        /** Pages can be asked for: {@link CriuFlag#LAZY_PAGES}. */
        default void ready() {}

        /** Receives the lines of criu's log that explain a failure. */
        default void explained(String line) {}
    }

    /** Whether the container goes on afterwards. */
    public boolean leavesRunning() {
        return preDump || flags.contains(CriuFlag.LEAVE_RUNNING);
    }

    /** The same with other wishes. */
    public CheckpointOptions with(Set<CriuFlag> others) {
        return new CheckpointOptions(
                image,
                work,
                parent,
                preDump,
                Objects.requireNonNull(others, "CheckpointOptions.with: others is null"),
                pageServer,
                cgroups,
                networkLock,
                emptyNetwork,
                watcher);
    }

    /** Nothing special: the container ends. */
    public static CheckpointOptions plain(String image) {
        return new CheckpointOptions(
                Objects.requireNonNull(image, "CheckpointOptions.plain: image is null"),
                Optional.empty(),
                Optional.empty(),
                false,
                Set.of(),
                Optional.empty(),
                CgroupsMode.DEFAULT,
                Optional.empty(),
                false,
                new Watcher() {});
    }
}
