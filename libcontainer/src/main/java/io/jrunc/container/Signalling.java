package io.jrunc.container;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.Freezer;
import io.jrunc.cgroup.KillCgroups;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.List;

/** Sends signals to the processes of a container, and has them end. */
record Signalling(Kernel kernel, State state) {
    static final int SIGKILL = 9;
    private static final int END_MILLIS = 10_000;

    /** To init; {@link Failure} if it has ended. */
    void toInit(int signal) {
        if (signal == SIGKILL && !state.privatePids() && state.init().isAlive(kernel)) {
            killAll();
            return;
        }
        try (Fd pidfd = state.init().open(kernel)) {
            if (pidfd == null || !kernel.processes().signal(pidfd, signal)) {
                throw Failure.of(
                        "not-running", "container not running", state.id(), Errno.ESRCH, "");
            }
        }
        if (signal == SIGKILL) {
            thaw();
        }
    }

    /** To every process in the container's cgroup. */
    void toAll(int signal) {
        if (signal == SIGKILL && state.init().isAlive(kernel)) {
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

    /** Kills whatever is in the container's cgroups, and init, which may have been moved away. */
    void killAll() {
        new KillCgroups(kernel, state.cgroupDirectories()).run();
        try (Fd pidfd = state.init().open(kernel)) {
            if (pidfd != null) {
                kernel.processes().signal(pidfd, SIGKILL);
            }
        }
    }

    /** Kills init, and what would outlive it; when this returns, it has ended. */
    void end() {
        try (Fd pidfd = state.init().open(kernel)) {
            if (pidfd == null) {
                return;
            }
            if (!state.privatePids()) {
                killAll(); // before anybody is thawed
            }
            kernel.processes().signal(pidfd, SIGKILL);
            thaw();
            if (!kernel.processes().awaitEnd(pidfd, END_MILLIS)) {
                throw Failure.of("wrong-state", "container init still running: " + state.id());
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
