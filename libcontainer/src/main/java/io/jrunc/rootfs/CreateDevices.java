package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Look;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        // The permissions of a node are those in the specification, whoever started us.
        scene.init().files().umask(0);
        if (bind) {
            for (Node node : nodes) {
                bind(scene, node);
            }
        } else {
            create(scene);
        }
    }

    /** A node on its way: asked for, not looked at yet. */
    private record Made(Node node, Call mknod, Fd created, Look look) {}

    /** All are asked for in one batch; the answers are looked at afterwards. */
    private void create(Scene scene) {
        Files files = scene.init().files();
        Map<String, Fd> directories = new HashMap<>();
        List<Made> made = new ArrayList<>();
        for (Node node : nodes) {
            String name = Inside.baseName(node.path);
            String parent = node.path.substring(0, node.path.length() - name.length());
            Fd directory = directories.get(parent);
            if (directory == null) {
                directory = new Inside(scene.root()).parent(node.path);
                directories.put(parent, directory);
            }
            Call mknod = files.mknod(directory, name, node.mode, node.major, node.minor);
            mknod.tolerate(Errno.EEXIST, Errno.EPERM).submit();
            Fd created = files.openIfExists(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
            made.add(new Made(node, mknod, created, files.look(created)));
        }
        for (Made one : made) {
            if (one.mknod.error() == Errno.EPERM) {
                // The specification names no user namespace, but the runtime is in one.
                bind(scene, one.node);
            } else {
                finish(files, one);
            }
            one.created.close();
        }
        for (Fd directory : directories.values()) {
            directory.close();
        }
    }

    private static void finish(Files files, Made made) {
        // Somebody who shares the directory may have put another file there meanwhile.
        verify(made.look.stat(), made.node);
        Node node = made.node;
        if (made.mknod.error() == null && (node.uid != 0 || node.gid != 0)) {
            files.chown(made.created, (int) node.uid, (int) node.gid).submit();
        }
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
            Attach.at(scene, tree, node.path, false, false, Inside.Links.FOLLOW);
        }
    }

    /** A node that every container has. */
    static Node standard(String name, int major, int minor) {
        return new Node("/dev/" + name, S_IFCHR | 0666, major, minor, 0, 0, "always");
    }
}
