// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.KillCgroups;
import io.jrunc.checkpoint.Criu;
import io.jrunc.console.OpenTerminal;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.hook.HookKind;
import io.jrunc.hook.HookOutput;
import io.jrunc.hook.HookRunner;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Hooks;
import io.jrunc.state.State;

/** The first process of a container that criu(8) restores, and what belongs to its way to life. */
final class RestoredInit implements Criu.Listener, Rollback.Action {
    private static final int END_MILLIS = 10_000;

    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final State state;
    private final Hooks hooks;
    private final SetupContext context;
    private final boolean foreground;
    private int pid;

    RestoredInit(
            Kernel kernel,
            ProcessSpawner spawner,
            State state,
            Hooks hooks,
            SetupContext context,
            boolean foreground) {
        this.kernel = kernel;
        this.spawner = spawner;
        this.state = state;
        this.hooks = hooks;
        this.context = context;
        this.foreground = foreground;
    }

    int pid() {
        return pid;
    }

    @Override
    public void notified(Criu.Notification notification) {
        if (notification.pid() > 0) {
            exists(notification.pid());
        }
        switch (notification.script()) {
            case "setup-namespaces" -> {
                runHooks(HookKind.PRESTART);
                runHooks(HookKind.CREATE_RUNTIME);
            }
            case "orphan-pts-master" -> takeTerminal(notification);
            default -> {} // nothing is to be done then
        }
    }

    /** From now on it must be ended if the restore fails. */
    void exists(int found) {
        if (pid == 0) {
            pid = found;
            context.rollback().push(this);
            spawner.setCleanup(context.rollback()::submit);
        }
    }

    private void takeTerminal(Criu.Notification notification) {
        if (notification.descriptors().isEmpty()) {
            throw Failure.of(Failure.Code.PROTOCOL, "criu sent no terminal");
        }
        Fd master = notification.descriptors().get(0);
        if (foreground) {
            OpenTerminal.addNoReturns(kernel.files(), master);
        }
        context.setTerminal(kernel.descriptors().duplicate(master));
    }

    /** Runs the hooks of a kind, which read the state with its pid. */
    void runHooks(HookKind kind) {
        if (kind.of(hooks).isEmpty()) {
            return;
        }
        String input = state.oci(kind.status(), pid, "").forHooks();
        try (HookOutput output =
                HookOutput.of(state.annotations(), spawner::allows, spawner.hookParent())) {
            new HookRunner(spawner.hookParent(), "", spawner.environment(), output)
                    .run(kind, kind.of(hooks), input);
        }
    }

    @Override
    public void undo() {
        try (Fd pidfd = kernel.processes().openPid(pid)) {
            if (pidfd.isOpen()) {
                kernel.processes().signal(pidfd, Signal.SIGKILL);
                kernel.processes().awaitEnd(pidfd, END_MILLIS);
            }
        }
        spawner.reap(pid);
        new KillCgroups(kernel, context.cgroups().directories()).run();
    }

    @Override
    public void submit(Kernel survivor) {
        survivor.processes().submitKill(pid, Signal.SIGKILL);
        survivor.processes().reap(pid);
    }
}
