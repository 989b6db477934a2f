// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Signal;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.ChildProgram;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.Map;
import java.util.Optional;

/**
 * A process of some kilobytes that ends one container if this JVM ends first, however it ends. It
 * has a session of its own and blocks all signals that can be blocked, so that what ends the JVM,
 * such as Ctrl-C or the stop of a service, leaves it the time. Unlike prctl(2) with
 * PR_SET_PDEATHSIG it outlives the thread that made the container, and a change of user.
 */
public final class ProcessGuard {
    private static final int SIG_SETMASK = 2;
    private static final int SIGSET_BYTES = 8;
    private static final int END_MILLIS = 10_000;

    private final ChildKernel kernel;
    private final int pid;

    private ProcessGuard(ChildKernel kernel, int pid) {
        this.kernel = kernel;
        this.pid = pid;
    }

    /** Starts one for a container whose init is this JVM's child. */
    static ProcessGuard over(State state, StateDirectory directory) {
        try (Fd program = ChildProgram.sealed()) {
            ChildProgram.Spawned spawned = ChildProgram.spawn(program, "guard");
            ProcessGuard guard = new ProcessGuard(spawned.kernel(), spawned.pid());
            try {
                guard.prepare();
                guard.leaveOrders(state, directory);
                return guard;
            } catch (RuntimeException f) {
                guard.dismiss();
                throw f;
            }
        }
    }

    private void prepare() {
        kernel.processes().newSession();
        Arg all = Arg.struct(SIGSET_BYTES, "~[]").putLong(0, -1);
        Arg how = Arg.of(SIG_SETMASK);
        new Call(kernel, Syscall.RT_SIGPROCMASK, "", how, all, Arg.NULL, Arg.of(SIGSET_BYTES))
                .submit();
    }

    /** What has no answer is done when the conversation ends; descriptors are open before. */
    private void leaveOrders(State state, StateDirectory directory) {
        Fd init = kernel.processes().openPid(state.initPid());
        String kill = "cgroup.kill";
        Optional<Fd> whole =
                open(state.cgroups().getOrDefault("", ""), state.privatePids() ? "" : kill);
        Optional<Fd> freezer = open(state.cgroups().getOrDefault("freezer", ""), "freezer.state");
        kernel.flush();
        kernel.processes().submitSignal(init, Signal.SIGKILL);
        write(whole, "1");
        write(freezer, "THAWED"); // on v1, a frozen process does not die
        kernel.processes().submitAwaitEnd(init, END_MILLIS);
        removeCgroups(state.cgroups(), state.unit().isPresent());
        state.resctrl().ifPresent(group -> group.remove(kernel));
        directory.submitRemoval(kernel);
        kernel.sendAsCleanup();
    }

    private Optional<Fd> open(String cgroup, String file) {
        if (cgroup.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        Files files = kernel.files();
        Fd opened = files.openIfExists(files.here(), cgroup + "/" + file, OpenFlag.WRONLY);
        return Optional.of(opened);
    }

    private void write(Optional<Fd> opened, String text) {
        if (opened.isPresent() && opened.get().isOpen()) {
            Fd file = opened.get();
            Arg data = Arg.text(text);
            new Call(kernel, Syscall.WRITE, file.name(), file, data, Arg.of(text.length()))
                    .tolerateAll()
                    .submit();
        }
    }

    /** If one is in use still, the state stays as well, for {@code delete --force}. */
    private void removeCgroups(Map<String, String> cgroups, boolean bySystemd) {
        cgroups.forEach(
                (key, cgroup) -> {
                    if (!bySystemd || !SystemdUnit.watches(key)) {
                        kernel.directories()
                                .rmdir(kernel.files().here(), cgroup)
                                .tolerate(Errno.ENOENT)
                                .submit();
                    }
                });
    }

    /** From now on the container does not depend on this JVM. */
    public void dismiss() {
        LocalKernel local = LocalKernel.get();
        local.processes()
                .kill(pid, Signal.SIGKILL); // first: the end of the conversation is its cue
        kernel.close();
        local.processes().reap(pid);
    }
}
