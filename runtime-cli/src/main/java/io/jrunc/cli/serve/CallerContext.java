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
import java.util.Optional;

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
        Optional<Stat> root = files.statIfExists(proc + "/root/");
        facts.add(
                root.map(found -> "root " + found.fileSystem() + ":" + found.inode())
                        .orElse("no root"));
        facts.addAll(rights(Strings.ofFileIfReadable(proc + "/status")));
        facts.add("label " + Strings.ofFileIfReadable(proc + "/attr/current").strip());
        return new CallerContext(facts);
    }

    /** Returns the lines about ids, capabilities and restrictions of {@code /proc/PID/status}. */
    static List<String> rights(String status) {
        List<String> found = new ArrayList<>();
        String group = "";
        for (String line : status.split("\n", -1)) {
            for (String key : STATUS) {
                if (line.startsWith(key)) {
                    group = key.equals("Gid:") ? onlyGroup(line) : group;
                    found.add(key.equals("Groups:") ? without(group, line) : line);
                }
            }
        }
        return found;
    }

    /** Returns the group that is the real, effective, saved and file system's; else nothing. */
    private static String onlyGroup(String line) {
        String[] words = line.split("\t", -1);
        return line.equals(words[0] + ("\t" + words[1]).repeat(4)) ? words[1] : "";
    }

    /**
     * Returns the supplementary groups but for the process's own, which adds nothing: a login names
     * it there, too, a service manager does not.
     */
    private static String without(String own, String line) {
        StringBuilder others = new StringBuilder("Groups:");
        for (String group : line.substring(others.length()).strip().split(" ", -1)) {
            if (!group.isEmpty() && !group.equals(own)) {
                others.append(' ').append(group);
            }
        }
        return others.toString();
    }

    /** Returns where a link leads; empty where this kernel has no such file. */
    private static String link(Files files, String path) {
        try {
            return files.directories().readLink(files.here(), path);
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
