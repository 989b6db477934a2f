// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Hands a v2 cgroup's controllers on to its children. cgroups(7), "cgroup.subtree_control". */
public final class SubtreeControl {
    private SubtreeControl() {}

    /**
     * One by one, for each may be refused for reasons of its own, and then only limits need it.
     *
     * @param wanted which; of the others it stays as the host's owner has decided
     */
    public static void enableBelow(Kernel kernel, String directory, Set<String> wanted) {
        Files files = kernel.files();
        Set<String> missing = words(files, directory + "/cgroup.controllers");
        missing.retainAll(wanted);
        if (!missing.isEmpty()) {
            missing.removeAll(words(files, directory + "/cgroup.subtree_control"));
        }
        if (missing.isEmpty()) {
            return;
        }
        try (Fd subtree = files.open(directory + "/cgroup.subtree_control", OpenFlag.WRONLY)) {
            for (String controller : missing) {
                byte[] word = ("+" + controller).getBytes(StandardCharsets.UTF_8);
                Call write = files.writeTolerantly(subtree, word);
                write.result();
            }
        } catch (Failure f) {
            // Ancestors of what was delegated to the caller hand on what their owner decided.
            if (!f.is(Errno.EACCES) && !f.is(Errno.EPERM) && !f.is(Errno.EROFS)) {
                throw f;
            }
        }
    }

    /** Hands on all that the cgroup has. */
    public static void enableAllBelow(Kernel kernel, String directory) {
        enableBelow(kernel, directory, words(kernel.files(), directory + "/cgroup.controllers"));
    }

    private static Set<String> words(Files files, String file) {
        return new TreeSet<>(List.of(files.readText(file).strip().split(" ", -1)));
    }
}
