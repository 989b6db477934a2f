// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.systemd.SystemdUnits;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Hooks;
import io.jrunc.state.OrphanInit;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.Optional;
import java.util.function.Consumer;

/** Removes a container, and all that was made for it. */
public record DeleteOperation(
        Kernel kernel, ProcessSpawner spawner, StateDirectory directory, State state) {
    /**
     * Removes the container in any state, also after a deletion that was killed.
     *
     * @param hooks those of its specification
     * @param warnings receives failures that do not stop the removal
     */
    public void run(Hooks hooks, Consumer<String> warnings) {
        Signalling signalling = new Signalling(kernel, state);
        if (state.init().isAlive(kernel)) {
            signalling.end();
        }
        if (state.initPid() == 0) {
            OrphanInit.end(kernel, state);
        }
        if (state.init().isZombie(kernel)) {
            spawner.reap(state.initPid()); // if it is ours: that of an embedding program is
        }
        if (!state.privatePids()) {
            signalling.killAll();
        }
        state.unit().ifPresent(unit -> remove(unit, warnings));
        state.cgroupDirectories().forEach(cgroup -> CgroupRemoval.remove(kernel, cgroup));
        state.resctrl().ifPresent(group -> group.remove(kernel));
        new SharedMounts(kernel, directory, state.rootfs()).unmount();
        directory.submitRemoval(kernel);
        new LifecycleHooks(spawner, state).afterStop(hooks, warnings);
    }

    /** Has {@code survivor} remove a container that will have ended by then. */
    public void submit(Kernel survivor) {
        Optional<String> delegated = state.delegatedCgroup();
        if (delegated.isPresent() && state.unit().isEmpty()) {
            removeEmpty(survivor, delegated.get());
        }
        state.cgroups()
                .forEach(
                        (key, cgroup) -> {
                            if (state.unit().isEmpty() || !SystemdUnit.watches(key)) {
                                survivor.directories()
                                        .rmdir(survivor.files().here(), cgroup)
                                        .tolerate(Errno.ENOENT)
                                        .submit();
                            }
                        });
        state.resctrl().ifPresent(group -> group.remove(survivor));
        directory.submitRemoval(survivor);
    }

    /** One that the container has divided further makes the removal of that above it fail. */
    private static void removeEmpty(Kernel survivor, String cgroup) {
        survivor.directories()
                .rmdir(survivor.files().here(), cgroup)
                .tolerate(Errno.ENOENT, Errno.EBUSY)
                .submit();
    }

    /** A scope without processes ends by itself, so this failure costs no more than a line. */
    private static void remove(SystemdUnit unit, Consumer<String> warnings) {
        try {
            SystemdUnits.remove(unit);
        } catch (Failure f) {
            warnings.accept("removing " + unit.name() + ": " + f.getMessage() + ", ignoring");
        }
    }
}
