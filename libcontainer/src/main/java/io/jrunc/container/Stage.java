package io.jrunc.container;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;

/** The ends of the processes that a context has. */
final class Stage {
    private static final int SIGKILL = 9;
    private static final int END_MILLIS = 10_000;

    private Stage() {}

    /** The stage has done its work. */
    static void dismiss(SetupContext context, ProcessSpawner spawner) {
        context.helpers().close();
        context.stage().leave(stage -> stage.processes().exit(0));
        spawner.reap(context.stagePid());
        context.stageIsGone();
    }

    /** Ends a process, if there is one, and collects it. */
    static void end(Kernel kernel, ProcessSpawner spawner, Kernel process, int pid) {
        if (process == null) {
            return;
        }
        process.close();
        try (Fd pidfd = kernel.processes().openPid(pid)) {
            if (pidfd.isOpen()) {
                kernel.processes().signal(pidfd, SIGKILL);
                kernel.processes().awaitEnd(pidfd, END_MILLIS);
            }
        }
        spawner.reap(pid);
    }
}
