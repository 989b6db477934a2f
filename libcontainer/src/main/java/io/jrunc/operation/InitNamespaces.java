// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.Status;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.namespace.JoinNamespaces;
import io.jrunc.state.InitProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The namespaces of a container's first process, as the kernel shows them. namespaces(7). */
final class InitNamespaces {
    /** The files below {@code /proc/PID/ns}, and what they are. */
    private record Type(String name, CloneFlag flag) {}

    private static final List<Type> ALL =
            List.of(
                    new Type("ipc", CloneFlag.NEWIPC),
                    new Type("uts", CloneFlag.NEWUTS),
                    new Type("net", CloneFlag.NEWNET),
                    new Type("pid", CloneFlag.NEWPID),
                    new Type("cgroup", CloneFlag.NEWCGROUP),
                    new Type("time", CloneFlag.NEWTIME),
                    new Type("mnt", CloneFlag.NEWNS),
                    new Type("user", CloneFlag.NEWUSER));

    private final List<JoinNamespaces.Joined> foreign = new ArrayList<>();
    private Optional<Fd> root = Optional.empty();

    private InitNamespaces() {}

    /**
     * Those that are not the runtime's own, open: joining one's own user namespace is an error.
     * They are that process's, even if it ends and its pid becomes another's meanwhile.
     */
    static InitNamespaces open(Kernel kernel, InitProcess init) {
        InitNamespaces opened = new InitNamespaces();
        opened.openAll(kernel, init);
        return opened;
    }

    /** Those to join. */
    List<JoinNamespaces.Joined> foreign() {
        return foreign;
    }

    /** The root directory of init, if its mount namespace is the runtime's own. */
    Optional<Fd> root() {
        return root;
    }

    void close() {
        foreign.forEach(JoinNamespaces.Joined::close);
        root.ifPresent(Fd::close);
    }

    private void openAll(Kernel kernel, InitProcess init) {
        try {
            for (Type type : ALL) {
                Optional<JoinNamespaces.Joined> one = foreign(kernel.files(), init.pid(), type);
                if (one.isPresent()) {
                    foreign.add(one.get());
                } else if (type.flag == CloneFlag.NEWNS) {
                    String path = "/proc/" + init.pid() + "/root";
                    Fd own = kernel.files().open(path, OpenFlag.PATH, OpenFlag.DIRECTORY);
                    root = Optional.of(own);
                }
            }
            // Only now: had its pid been reused before, the start time would differ.
            if (!init.isAlive(kernel)) {
                throw ExecOperation.cannotExec(Status.STOPPED);
            }
        } catch (Failure f) {
            close();
            throw f;
        }
    }

    private static Optional<JoinNamespaces.Joined> foreign(Files files, int pid, Type type) {
        String path = "/proc/" + pid + "/ns/" + type.name;
        Optional<Stat> ours = files.statIfExists("/proc/self/ns/" + type.name);
        if (ours.isEmpty()) {
            return Optional.empty(); // this kernel does not have them
        }
        Fd theirs = files.open(path, OpenFlag.RDONLY);
        boolean isForeign;
        try {
            isForeign = files.stat(theirs).inode() != ours.get().inode();
        } catch (Failure f) {
            theirs.close();
            throw f;
        }
        if (isForeign) {
            return Optional.of(JoinNamespaces.Joined.open(path, type.flag, theirs));
        }
        theirs.close();
        return Optional.empty();
    }
}
