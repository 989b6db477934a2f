package io.jrunc.container;

import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Starts the processes of a context, watched.
 *
 * @param preserved how many descriptors from 3 on they inherit
 * @param streams that they have instead of those that the spawner has for them
 * @param initIs hears of the process that becomes the program
 */
record WatchedSpawner(
        ProcessSpawner spawner,
        CreateOptions.Watcher watcher,
        int preserved,
        Optional<Streams> streams,
        IntConsumer initIs)
        implements SetupContext.Spawner {
    @Override
    public SetupContext.Spawned spawn(String name) {
        SetupContext.Spawned spawned = spawner.spawn(name, preserved);
        streams.ifPresent(given -> given.giveTo(spawned.kernel()));
        return new SetupContext.Spawned(watcher.watch(spawned.kernel(), name), spawned.pid());
    }

    @Override
    public void initIs(int pid) {
        initIs.accept(pid);
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
    public Kernel hookParent() {
        return watcher.watch(spawner.hookParent(), "hooks");
    }

    @Override
    public void reap(int pid) {
        spawner.reap(pid);
    }
}
