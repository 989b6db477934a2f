package io.jrunc.cgroup.v2;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;

/** Hands a v2 cgroup's controllers on to its children. cgroups(7), "cgroup.subtree_control". */
public final class SubtreeControl {
    private SubtreeControl() {}

    /** One by one, for each may be refused for reasons of its own, and then only limits need it. */
    public static void enableBelow(Kernel kernel, String directory) {
        Files files = kernel.files();
        String controllers = files.readText(directory + "/cgroup.controllers").strip();
        if (controllers.isEmpty()) {
            return;
        }
        try (Fd subtree = files.open(directory + "/cgroup.subtree_control", OpenFlag.WRONLY)) {
            for (String controller : controllers.split(" ", -1)) {
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
}
