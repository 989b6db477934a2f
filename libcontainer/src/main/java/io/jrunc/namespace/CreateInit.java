// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.cgroup.ThreadedCgroup;
import io.jrunc.linux.Call;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Flag;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Processes;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Creates the container's first process, in its namespaces, as a child of the stage's parent.
 *
 * <p>Each later step makes its calls in that process, through a {@link
 * io.jrunc.linux.child.ChildKernel}.
 *
 * @param userNamespace whether the stage is in another user namespace than the cgroups belong to
 */
public record CreateInit(Set<CloneFlag> namespaces, boolean userNamespace) implements Step {
    /** What init is called until it is the container's program. */
    public static final String NAME = "jrunc:init";

    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return namespaces.isEmpty()
                ? "create init"
                : "create init in new namespaces: " + Flag.names(namespaces);
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Set<CloneFlag> flags = EnumSet.of(CloneFlag.PARENT);
        flags.addAll(namespaces);
        // Born in its v2 cgroup, if the stage has the right to put it there.
        Optional<Fd> unified = context.cgroups().unified();
        Processes stage = context.stage().processes();
        Files files = context.runtime().files();
        Call clone =
                unified.isPresent() && !userNamespace
                        ? clone(stage, flags, files, unified.get())
                        : stage.cloneProcess(flags);
        // pid_namespaces(7): so says fork(2) in a namespace that has lost its first process.
        clone.hint(
                Errno.ENOMEM, "if memory is not short: the container is gone, its init has ended");
        int pid = (int) clone.result();
        Kernel init = context.stage().bornOf(clone, Actor.INIT.word());
        context.setInit(init, pid);
        if (unified.isPresent()) {
            if (!flags.contains(CloneFlag.INTO_CGROUP)) {
                moveFromOutside(context, unified.get(), pid);
            }
            unified.get().close();
        }
        init.processes().newSession();
        init.processes().setName(NAME);
    }

    /** Handles filters that refuse clone3(2): init then cannot be born in its cgroup. */
    private static Call clone(Processes stage, Set<CloneFlag> flags, Files files, Fd cgroup) {
        flags.add(CloneFlag.INTO_CGROUP);
        Call clone = stage.cloneProcess(flags, cgroup);
        clone.tolerate(Errno.ENOSYS, Errno.EOPNOTSUPP);
        if (clone.failedWith(Errno.ENOSYS)) {
            flags.remove(CloneFlag.INTO_CGROUP);
            return stage.cloneProcess(flags);
        }
        if (clone.failedWith(Errno.EOPNOTSUPP)) {
            ThreadedCgroup.admitProcesses(files, cgroup);
            return stage.cloneProcess(flags, cgroup);
        }
        return clone;
    }

    /** Slower by an RCU grace period than being born there. */
    private static void moveFromOutside(SetupContext context, Fd cgroup, int pid) {
        Files files = context.runtime().files();
        try (Fd processes = files.openAt(cgroup, "cgroup.procs", OpenFlag.WRONLY)) {
            try {
                files.write(processes, Integer.toString(pid)).result();
            } catch (Failure f) {
                if (!f.is(Errno.EOPNOTSUPP)) {
                    throw f;
                }
                ThreadedCgroup.admitProcesses(files, cgroup);
                files.write(processes, Integer.toString(pid)).result();
            }
        }
    }
}
