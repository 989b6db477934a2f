// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.linux.Strings;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process may do and what it sees: namespaces, root directory, ids, capabilities,
 * restrictions and security label. Two processes with equal contexts can do the same for each
 * other. Sources: proc(5), namespaces(7), capabilities(7).
 *
 * @param facts one line each
 */
record CallerContext(List<String> facts) {
    private static final List<String> NAMESPACES =
            List.of(
                    "cgroup",
                    "ipc",
                    "mnt",
                    "net",
                    "pid",
                    "pid_for_children",
                    "time",
                    "time_for_children",
                    "user",
                    "uts");

    /** In /proc/PID/status. A process with a filter of system calls has a mode other than 0. */
    private static final List<String> STATUS =
            List.of(
                    "Uid:",
                    "Gid:",
                    "Groups:",
                    "CapPrm:",
                    "CapEff:",
                    "CapBnd:",
                    "NoNewPrivs:",
                    "Seccomp:");

    CallerContext {
        facts = List.copyOf(facts);
    }

    /** Returns that of this process. */
    static CallerContext own(Kernel kernel) {
        return of(kernel, "/proc/self");
    }

    /**
     * Returns that of process {@code pid}; {@link Failure} if it is gone or may not be looked at.
     */
    static CallerContext of(Kernel kernel, int pid) {
        return of(kernel, "/proc/" + pid);
    }

    private static CallerContext of(Kernel kernel, String proc) {
        Files files = kernel.files();
        List<String> facts = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            facts.add(link(files, proc + "/ns/" + namespace));
        }
        // By path and by file: a root that was bound elsewhere is the same file.
        facts.add("root " + link(files, proc + "/root"));
        Stat root = files.statIfExists(proc + "/root/");
        facts.add(root == null ? "no root" : "root " + root.fileSystem() + ":" + root.inode());
        for (String line : Strings.ofFileIfReadable(proc + "/status").split("\n", -1)) {
            for (String key : STATUS) {
                if (line.startsWith(key)) {
                    facts.add(line);
                }
            }
        }
        facts.add("label " + Strings.ofFileIfReadable(proc + "/attr/current").strip());
        return new CallerContext(facts);
    }

    /** Returns where a link leads; empty where this kernel has no such file. */
    private static String link(Files files, String path) {
        try {
            return files.readLink(files.here(), path);
        } catch (Failure f) {
            if (f.is(Errno.ENOENT)) {
                return "";
            }
            throw f;
        }
    }

    /** Returns whether a filter of system calls restricts it: two such filters may differ. */
    boolean isFiltered() {
        return !facts.contains("Seccomp:\t0");
    }
}
