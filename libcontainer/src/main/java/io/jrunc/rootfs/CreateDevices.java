package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.List;

/**
 * Creates device nodes: the six that every container has, and those of {@code linux.devices}.
 *
 * @param bind whether to bind the host's nodes: a user namespace may not create any
 */
public record CreateDevices(List<Node> nodes, boolean bind) implements Step {
    private static final int S_IFCHR = 0020000;
    private static final int S_IFIFO = 0010000;

    /** A device node to be; {@code mode} has the type bits. */
    public record Node(
            String path, int mode, int major, int minor, long uid, long gid, String field) {}

    @Override
    public String title() {
        StringBuilder names = new StringBuilder(bind ? "bind" : "create");
        for (Node node : nodes) {
            names.append(' ').append(node.path);
        }
        return names.toString();
    }

    @Override
    public String field() {
        return nodes.get(nodes.size() - 1).field;
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        // The permissions of a node are those in the specification, whoever started us.
        init.files().umask(0);
        for (Node node : nodes) {
            // Also where the specification names no user namespace, but the runtime is in one.
            if (bind || !create(scene, node)) {
                bind(scene, node);
            }
        }
    }

    /** Returns whether devices may be created at all. */
    private static boolean create(Scene scene, Node node) {
        Files files = scene.init().files();
        String name = Inside.baseName(node.path);
        try (Fd directory = new Inside(scene.root()).parent(node.path)) {
            var made = files.mknod(directory, name, node.mode, node.major, node.minor);
            made.tolerate(Errno.EEXIST, Errno.EPERM).submit();
            if (made.error() == Errno.EPERM) {
                return false;
            }
            try (Fd created = files.openAt(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                // Somebody who shares the directory may have put another file there meanwhile.
                verify(files.stat(created), node);
                if (made.error() == null && (node.uid != 0 || node.gid != 0)) {
                    files.chown(created, (int) node.uid, (int) node.gid).submit();
                }
            }
        }
        return true;
    }

    private static void verify(Stat found, Node node) {
        int type = node.mode & ~07777;
        boolean numbered = type != S_IFIFO;
        if (found.type() != type
                || numbered
                        && (found.deviceMajor() != node.major
                                || found.deviceMinor() != node.minor)) {
            throw Failure.invalid(
                    node.field,
                    "\"" + node.path + "\" exists already and is another device",
                    "remove it from the image");
        }
    }

    private static void bind(Scene scene, Node node) {
        Kernel init = scene.init();
        try (Fd tree = init.mounts().cloneTree(init.files().here(), node.path, false, true)) {
            Attach.at(init, scene.root(), tree, node.path, false, false);
        }
    }

    /** A node that every container has. */
    static Node standard(String name, int major, int minor) {
        return new Node("/dev/" + name, S_IFCHR | 0666, major, minor, 0, 0, "always");
    }
}
