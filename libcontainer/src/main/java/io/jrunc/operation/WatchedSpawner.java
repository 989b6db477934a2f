// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Streams;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts the processes of a context, watched.
 *
 * @param preserved how many descriptors from 3 on they inherit
 * @param streams that they have instead of those that the spawner has for them
 * @param cleanup stores what must be taken back should the runtime be killed
 */
record WatchedSpawner(
        ProcessSpawner spawner,
        CreateOptions.Watcher watcher,
        int preserved,
        Optional<Streams> streams,
        Consumer<Rollback> cleanup)
        implements SetupContext.Spawner {
    @Override
    public SetupContext.Spawned spawn(String name) {
        SetupContext.Spawned spawned = spawner.spawn(name, preserved);
        streams.ifPresent(given -> given.giveTo(spawned.kernel()));
        return new SetupContext.Spawned(watcher.watch(spawned.kernel(), name), spawned.pid());
    }

    @Override
    public void setCleanup(Rollback rollback) {
        cleanup.accept(rollback);
    }

    @Override
    public void exchange(Runnable conversation) {
        conversation.run();
    }

    @Override
    public List<String> environment() {
        return spawner.environment();
    }

    @Override
    public boolean allows(String annotation) {
        return spawner.allows(annotation);
    }

    @Override
    public Kernel hookParent() {
        return watcher.watch(spawner.hookParent(), "hooks");
    }

    @Override
    public void reapLater(int pid) {
        spawner.reapLater(pid);
    }

    @Override
    public void reap(int pid) {
        spawner.reap(pid);
    }
}
