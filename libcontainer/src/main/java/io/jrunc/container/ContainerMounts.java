// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.container.model.Status;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.operation.MountOperation;
import io.jrunc.spec.Mount;
import java.util.List;
import java.util.Objects;

/**
 * The mounts of a container that is created, running or paused. Safe for use by several threads, as
 * {@link Container} is.
 */
public final class ContainerMounts {
    private final Container container;

    ContainerMounts(Container container) {
        this.container = container;
    }

    /**
     * Adds mounts: all of them, or none.
     *
     * @param watcher receives each step
     */
    @SuppressWarnings("exports") // for the command line
    public void add(List<Mount> mounts, Host host, CreateOptions.Watcher watcher) {
        try (Container.Operation operation = container.begin()) {
            changing(operation, watcher).add(mounts, host);
        }
    }

    /** Adds mounts: all of them, or none. */
    public void add(List<Mount> mounts) {
        Objects.requireNonNull(mounts, "ContainerMounts.add: mounts is null");
        add(mounts, Host.read(false), CreateOptions.UNWATCHED);
    }

    /** Removes what is mounted at the destinations of {@code mounts}, as the other method. */
    public void remove(List<Mount> mounts) {
        remove(mounts, CreateOptions.UNWATCHED);
    }

    /**
     * Removes what is mounted at the destinations of {@code mounts}, whether it was added or comes
     * from the specification.
     */
    public void remove(List<Mount> mounts, CreateOptions.Watcher watcher) {
        Objects.requireNonNull(mounts, "ContainerMounts.remove: mounts is null");
        Objects.requireNonNull(watcher, "ContainerMounts.remove: watcher is null");
        try (Container.Operation operation = container.begin()) {
            changing(operation, watcher).remove(mounts);
        }
    }

    private MountOperation changing(Container.Operation operation, CreateOptions.Watcher watcher) {
        Status status = operation.status();
        if (!status.isAlive()) {
            throw Failure.of(
                    Failure.Code.WRONG_STATE,
                    "cannot change the mounts of a container that is " + status.word());
        }
        return container.mounting(watcher);
    }

    /** Returns those that were added, and that are there still. */
    public List<Mount> added() {
        return container.mounting(CreateOptions.UNWATCHED).added();
    }

    /** Returns the steps that have made {@link #added}. */
    public List<ExplainedStep> explained() {
        return container.mounting(CreateOptions.UNWATCHED).explained();
    }
}
