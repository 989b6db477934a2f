// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;

/** A process that was started for a set-up, and its end. */
final class ChildProcess implements Rollback.Action {
    private static final int END_MILLIS = 10_000;

    private final Kernel runtime;
    private final SetupContext.Spawner spawner;
    private final SetupContext.Spawned process;
    private boolean ended;

    ChildProcess(Kernel runtime, SetupContext.Spawner spawner, SetupContext.Spawned process) {
        this.runtime = runtime;
        this.spawner = spawner;
        this.process = process;
    }

    Kernel kernel() {
        return process.kernel();
    }

    int pid() {
        return process.pid();
    }

    void flush() {
        if (!ended) {
            process.kernel().flush();
        }
    }

    /** Lets it exit: it has done its work. */
    void dismiss() {
        process.kernel().leave(last -> last.processes().exit(0));
        spawner.reapLater(process.pid());
        ended = true;
    }

    /** Kills and collects it. */
    @Override
    public void undo() {
        if (ended) {
            return;
        }
        process.kernel().close();
        try (Fd pidfd = runtime.processes().openPid(process.pid())) {
            if (pidfd.isOpen()) {
                runtime.processes().signal(pidfd, Signal.SIGKILL);
                runtime.processes().awaitEnd(pidfd, END_MILLIS);
            }
        }
        spawner.reap(process.pid());
    }

    @Override
    public void submit(Kernel survivor) {
        survivor.processes().submitKill(process.pid(), Signal.SIGKILL);
        survivor.processes().reap(process.pid());
    }
}
