package io.jrunc.container;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.KillCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.hook.HookRunner;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Undo;
import io.jrunc.spec.Hooks;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.List;
import java.util.Set;

/** What there is so far of a container that is being made, and how to get rid of it. */
final class Rollback {
    private static final int ANY_CHILD = -1;
    private static final int SIGKILL = 9;

    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final SetupContext context;
    private final CgroupSetup cgroups;
    private final State state;
    private final StateDirectory directory;
    private final Hooks hooks;
    private final Set<String> foreign;

    /**
     * Of a container that is about to be made.
     *
     * @param hooks of its specification
     * @param foreign cgroups that were there before
     */
    Rollback(
            Kernel kernel,
            ProcessSpawner spawner,
            SetupContext context,
            CgroupSetup cgroups,
            State state,
            StateDirectory directory,
            Hooks hooks,
            Set<String> foreign) {
        this.kernel = kernel;
        this.spawner = spawner;
        this.context = context;
        this.cgroups = cgroups;
        this.state = state;
        this.directory = directory;
        this.hooks = hooks;
        this.foreign = foreign;
    }

    /** For whoever tidies up: the processes, which are its children, and what there is on disk. */
    void submitRemoval(Kernel survivor) {
        if (context.initPid() == 0) {
            // Processes that it may have by then and we do not know end with our conversations.
            survivor.processes().reap(ANY_CHILD);
            survivor.processes().reap(ANY_CHILD);
        }
        for (int pid : new int[] {context.initPid(), context.stagePid()}) {
            if (pid > 0) {
                survivor.processes().submitKill(pid, SIGKILL);
                survivor.processes().reap(pid);
            }
        }
        removeEmptyCgroups(survivor);
        state.resctrl().ifPresent(group -> group.remove(survivor));
        directory.submitRemoval(survivor);
    }

    private void removeEmptyCgroups(Kernel survivor) {
        for (Cgroup cgroup : cgroups.cgroups()) {
            if (!isOurs(cgroup)) {
                continue;
            }
            // One that is in use belongs to others.
            survivor.files()
                    .rmdir(survivor.files().here(), cgroup.directory())
                    .tolerateAll()
                    .submit();
        }
    }

    /** What was there before stays, and what systemd watches is systemd's to remove. */
    private boolean isOurs(Cgroup cgroup) {
        boolean watched = cgroups.unit().isPresent() && SystemdUnit.watches(cgroup.key());
        return !watched && !foreign.contains(cgroup.directory());
    }

    /** Those above the container's that were made for it, if nothing else is in them by now. */
    private void removeParents() {
        List<String> made = context.madeCgroups();
        for (int i = made.size() - 1; i >= 0; i--) {
            kernel.files().rmdir(kernel.files().here(), made.get(i)).tolerateAll().submit();
        }
    }

    /** Ends and removes all there is, and returns what went wrong. */
    RuntimeException undone(RuntimeException failure) {
        for (Undo undo : context.takeUndos()) {
            attempt(undo::undo, failure);
        }
        // One by one: what cannot be undone keeps nothing else from being undone.
        attempt(context.helpers()::close, failure);
        attempt(() -> Stage.end(kernel, spawner, context.init(), context.initPid()), failure);
        attempt(() -> Stage.end(kernel, spawner, context.stage(), context.stagePid()), failure);
        attempt(this::removeCgroups, failure);
        attempt(new SharedMounts(kernel, directory, state.rootfs())::unmount, failure);
        attempt(() -> directory.submitRemoval(kernel), failure);
        context.letGo();
        directory.close();
        if (context.initPid() != 0) {
            // Source: runtime-spec runtime.md#lifecycle: a hook that fails leads to 12 and 13.
            new LifecycleHooks(spawner, state)
                    .afterStop(
                            hooks,
                            second -> failure.addSuppressed(Failure.of(HookRunner.CODE, second)));
        }
        return failure;
    }

    private static void attempt(Runnable undoing, RuntimeException failure) {
        try {
            undoing.run();
        } catch (Failure second) {
            failure.addSuppressed(second);
        }
    }

    private void removeCgroups() {
        if (!state.privatePids()) {
            new KillCgroups(kernel, List.copyOf(context.cgroupDirectories())).run();
        }
        for (Cgroup cgroup : cgroups.cgroups()) {
            if (isOurs(cgroup) && context.cgroupDirectories().contains(cgroup.directory())) {
                CgroupRemoval.remove(kernel, cgroup.directory());
            }
        }
        removeEmptyCgroups(kernel); // one whose making failed half-way
        removeParents();
    }
}
