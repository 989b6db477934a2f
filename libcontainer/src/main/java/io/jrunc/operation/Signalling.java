// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.Freezer;
import io.jrunc.cgroup.KillCgroups;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import io.jrunc.state.State;
import java.util.List;

/** Sends signals to the processes of a container, and has them end. */
public record Signalling(Kernel kernel, State state) {
    private static final int END_MILLIS = 10_000;

    /**
     * To init; {@link Failure} if it has ended. What kills a container kills all of it, also what
     * has outlived its init.
     */
    public void toInit(int signal) {
        boolean alone = state.privatePids();
        if (signal == Signal.SIGKILL
                && !alone
                && (state.init().isAlive(kernel) || hasProcesses())) {
            killAll();
            return;
        }
        try (Fd pidfd = state.init().open(kernel).orElse(null)) {
            if (pidfd == null || !kernel.processes().signal(pidfd, signal)) {
                throw Failure.of(
                        Failure.Code.NOT_RUNNING,
                        "container not running",
                        state.id(),
                        Errno.ESRCH,
                        "");
            }
        }
        if (signal == Signal.SIGKILL) {
            thaw();
        }
    }

    /** To every process in the container's cgroup. */
    public void toAll(int signal) {
        if (signal == Signal.SIGKILL && (state.init().isAlive(kernel) || hasProcesses())) {
            killAll();
            return;
        }
        for (String cgroup : state.cgroupDirectories()) {
            List<Integer> pids = CgroupRemoval.processes(kernel, cgroup);
            if (!pids.isEmpty()) {
                for (int pid : pids) {
                    kernel.processes().kill(pid, signal);
                }
                return;
            }
        }
        toInit(signal);
    }

    private boolean hasProcesses() {
        for (String cgroup : state.cgroupDirectories()) {
            if (!CgroupRemoval.processes(kernel, cgroup).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Kills whatever is in the container's cgroups, and init, which may have been moved away. */
    void killAll() {
        new KillCgroups(kernel, state.cgroupDirectories()).run();
        try (Fd pidfd = state.init().open(kernel).orElse(null)) {
            if (pidfd != null) {
                kernel.processes().signal(pidfd, Signal.SIGKILL);
            }
        }
    }

    /** If init was sent Signal.SIGKILL, waits for its end; returns whether it has ended. */
    public boolean awaitKilled() {
        try (Fd pidfd = state.init().open(kernel).orElse(null)) {
            return pidfd == null
                    || kernel.processes()
                            .awaitEnd(pidfd, state.init().isDying(kernel) ? END_MILLIS : 0);
        }
    }

    /** Kills init, and what would outlive it; when this returns, it has ended. */
    public void end() {
        try (Fd pidfd = state.init().open(kernel).orElse(null)) {
            if (pidfd == null) {
                return;
            }
            if (!state.privatePids()) {
                killAll(); // before any process is thawed
            }
            kernel.processes().signal(pidfd, Signal.SIGKILL);
            thaw();
            if (!kernel.processes().awaitEnd(pidfd, END_MILLIS)) {
                throw Failure.of(
                        Failure.Code.WRONG_STATE, "container init still running: " + state.id());
            }
        }
    }

    /** Frozen processes do not die on v1, nor does an init that waits for one. */
    private void thaw() {
        Freezer freezer = new Freezer(kernel, state.cgroups());
        if (freezer.isNested()) {
            killAll(); // before one of them freezes another again
        } else {
            freezer.thaw();
        }
    }
}
