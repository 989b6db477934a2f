// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.KillCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Hooks;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StateRoot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is taken back if a container cannot be made: what the runtime itself makes before the first
 * process, and what must follow the end of the processes. The steps add what they make.
 *
 * @param hooks of its specification
 * @param foreign cgroups that existed before: they stay
 */
record CreateRollback(
        Kernel kernel,
        ProcessSpawner spawner,
        SetupContext context,
        CgroupSetup cgroups,
        State state,
        StateDirectory directory,
        Hooks hooks,
        Set<String> foreign) {
    private static final int ANY_CHILD = -1;

    /** Claims the id, and adds to the context what must be taken back if the rest fails. */
    static StateDirectory claim(
            Kernel kernel,
            ProcessSpawner spawner,
            SetupContext context,
            CgroupSetup cgroups,
            State state,
            Hooks hooks,
            StateRoot root) {
        // Before it is made: this process may be killed right afterwards. A directory that is not
        // empty stays.
        spawner.setCleanup(
                survivor ->
                        survivor.directories()
                                .rmdir(survivor.files().here(), root.path() + "/" + state.id())
                                .tolerateAll()
                                .submit());
        Set<String> foreign = new HashSet<>(cgroups.directories());
        foreign.removeIf(cgroup -> !kernel.files().exists(cgroup));
        StateDirectory claimed = root.with(kernel).claim(state.id());
        new CreateRollback(kernel, spawner, context, cgroups, state, claimed, hooks, foreign)
                .pushTo(context.rollback());
        return claimed;
    }

    /** Adds the actions; the one that was added last is carried out first. */
    private void pushTo(Rollback rollback) {
        rollback.push(this::runPoststopHooks);
        rollback.push(new RemoveDirectory());
        rollback.push(new SharedMounts(kernel, directory, state.rootfs())::unmount);
        rollback.push(new RemoveCgroups());
        rollback.push(new CollectUnknownProcesses());
    }

    /** Source: runtime-spec runtime.md#lifecycle: a hook that fails leads to steps 12 and 13. */
    private void runPoststopHooks() {
        if (!context.hasInit()) {
            return;
        }
        List<Failure> failures = new ArrayList<>();
        new LifecycleHooks(spawner, state)
                .afterStop(hooks, line -> failures.add(Failure.of(Failure.Code.HOOK, line)));
        if (!failures.isEmpty()) {
            Failure first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    /** The state directory, and so the claim on the id. */
    private final class RemoveDirectory implements Rollback.Action {
        @Override
        public void undo() {
            try {
                directory.submitRemoval(kernel);
            } finally {
                directory.close();
            }
        }

        @Override
        public void submit(Kernel survivor) {
            state.resctrl().ifPresent(group -> group.remove(survivor));
            directory.submitRemoval(survivor);
        }
    }

    /** The cgroups that were made for this container, and those above them. */
    private final class RemoveCgroups implements Rollback.Action {
        @Override
        public void undo() {
            List<String> made = context.cgroups().directories();
            if (!state.privatePids()) {
                new KillCgroups(kernel, List.copyOf(made)).run();
            }
            for (Cgroup cgroup : cgroups.cgroups()) {
                if (isOurs(cgroup) && made.contains(cgroup.directory())) {
                    CgroupRemoval.remove(kernel, cgroup.directory());
                }
            }
            submit(kernel); // one whose making failed half-way
            removeParents();
        }

        /** Removes those that are empty: one that is in use belongs to others. */
        @Override
        public void submit(Kernel survivor) {
            for (Cgroup cgroup : cgroups.cgroups()) {
                if (isOurs(cgroup)) {
                    if (cgroups.delegated().isPresent()) {
                        remove(survivor, cgroup.below(cgroups.delegated().get()).directory());
                    }
                    remove(survivor, cgroup.directory());
                }
            }
        }

        private void removeParents() {
            List<String> made = context.cgroups().madeParents();
            for (int i = made.size() - 1; i >= 0; i--) {
                remove(kernel, made.get(i));
            }
        }

        private static void remove(Kernel kernel, String path) {
            kernel.directories().rmdir(kernel.files().here(), path).tolerateAll().submit();
        }

        /** What was there before stays, and what systemd watches is systemd's to remove. */
        private boolean isOurs(Cgroup cgroup) {
            boolean watched = cgroups.unit().isPresent() && SystemdUnit.watches(cgroup.key());
            return !watched && !foreign.contains(cgroup.directory());
        }
    }

    /**
     * Stage and init end with their conversations; if the runtime was killed before it had noted
     * them, the survivor, their parent, collects them.
     */
    private final class CollectUnknownProcesses implements Rollback.Action {
        @Override
        public void undo() {
            // The runtime knows each process: an action of its own ends it.
        }

        @Override
        public void submit(Kernel survivor) {
            if (!context.hasInit()) {
                survivor.processes().reap(ANY_CHILD);
                survivor.processes().reap(ANY_CHILD);
            }
        }
    }
}
