package io.jrunc.container;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.process.JoinNamespaces;
import java.util.ArrayList;
import java.util.List;

/** The namespaces of a container's first process, as the kernel shows them. namespaces(7). */
final class InitNamespaces {
    private static final List<JoinNamespaces.Joined> ALL =
            List.of(
                    new JoinNamespaces.Joined("ipc", CloneFlag.NEWIPC),
                    new JoinNamespaces.Joined("uts", CloneFlag.NEWUTS),
                    new JoinNamespaces.Joined("net", CloneFlag.NEWNET),
                    new JoinNamespaces.Joined("pid", CloneFlag.NEWPID),
                    new JoinNamespaces.Joined("cgroup", CloneFlag.NEWCGROUP),
                    new JoinNamespaces.Joined("time", CloneFlag.NEWTIME),
                    new JoinNamespaces.Joined("mnt", CloneFlag.NEWNS),
                    new JoinNamespaces.Joined("user", CloneFlag.NEWUSER));

    private InitNamespaces() {}

    /** Those that are not the runtime's own: joining one's own user namespace is an error. */
    static List<JoinNamespaces.Joined> foreign(Kernel kernel, int pid) {
        List<JoinNamespaces.Joined> foreign = new ArrayList<>();
        for (JoinNamespaces.Joined one : ALL) {
            String path = "/proc/" + pid + "/ns/" + one.path();
            Stat theirs = kernel.files().statIfExists(path);
            Stat ours = kernel.files().statIfExists("/proc/self/ns/" + one.path());
            if (theirs != null && ours != null && theirs.inode() != ours.inode()) {
                foreign.add(new JoinNamespaces.Joined(path, one.type()));
            }
        }
        return foreign;
    }
}
