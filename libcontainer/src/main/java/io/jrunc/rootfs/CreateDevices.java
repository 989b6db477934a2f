// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.linux.StatResult;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Creates device nodes: the six that every container has, and those of {@code linux.devices}.
 *
 * @param bind whether to bind the host's nodes: a user namespace may not create any
 */
record CreateDevices(List<Node> nodes, boolean bind) implements Step {
    private static final int S_IFCHR = 0020000;
    private static final int S_IFIFO = 0010000;
    private static final int S_IFREG = 0100000;

    /** Of the file that a device is bound over. */
    private static final int COVERED_MODE = 0644;

    /** The mount of a device node is for nothing else. */
    private static final Set<MountAttr> HARMLESS = Set.of(MountAttr.NOSUID, MountAttr.NOEXEC);

    /** Where to look if one is not as it should be: only the image can have another one. */
    private static final String STANDARD = "root.path";

    private static final String REMEDY =
            "a user namespace takes devices from there, so name one of the host's by its path";

    /** A device node to be; {@code mode} has the type bits. */
    record Node(String path, int mode, int major, int minor, long uid, long gid, String field) {
        private String name() {
            return RootedPaths.baseName(path);
        }

        /** Returns the path of the directory that it is in, inside the root. */
        private String parent() {
            int slash = path.lastIndexOf('/');
            return slash <= 0 ? "." : path.substring(0, slash);
        }

        private boolean isPipe() {
            return (mode & ~07777) == S_IFIFO;
        }

        /** Returns whether it is this device, whatever its permissions. */
        private boolean is(Stat found) {
            boolean numbers = found.deviceMajor() == major && found.deviceMinor() == minor;
            return found.type() == (mode & ~07777) && (isPipe() || numbers);
        }
    }

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
        String field = nodes.get(nodes.size() - 1).field;
        return field.equals(STANDARD) ? "always" : field;
    }

    @Override
    public boolean isDeferrable() {
        return !mustLookFirst();
    }

    /** Whether what the image has decides about the calls. */
    private boolean mustLookFirst() {
        for (Node node : nodes) {
            if ((node.uid != 0 || node.gid != 0) && !isBound(node)) {
                return true;
            }
        }
        return false;
    }

    private boolean isBound(Node node) {
        return bind && !node.isPipe();
    }

    @Override
    public void apply(SetupContext context) {
        // A node has exactly the permissions of the specification.
        context.init().files().umask(0);
        List<Node> made = new ArrayList<>();
        for (Node node : nodes) {
            if (isBound(node)) {
                Attach.attempt(
                        context.init(),
                        attached -> attached[0] = submitBind(context, node),
                        () -> bind(context, node));
            } else {
                made.add(node);
            }
            context.runtime().assume(node.path, node.mode, node.major, node.minor);
        }
        if (mustLookFirst()) {
            create(context, made);
        } else {
            context.init().attempt(() -> submit(context, made), failure -> create(context, made));
        }
    }

    /** Submits the calls that create them if nothing is in the way. */
    private static void submit(SetupContext context, List<Node> nodes) {
        Files files = context.init().files();
        RootedPaths paths = new RootedPaths(context.root());
        Map<String, Fd> directories = new HashMap<>();
        for (Node node : nodes) {
            String name = node.name();
            String parent = node.parent();
            Fd directory = directories.get(parent);
            if (directory == null) {
                directory = paths.askForDirectory(parent, RootedPaths.Links.FOLLOW);
                directories.put(parent, directory);
            }
            Call mknod =
                    context.init()
                            .directories()
                            .mknod(directory, name, node.mode, node.major, node.minor);
            mknod.tolerate(Errno.EEXIST).submit();
            // Another process that shares the directory may have replaced the file meanwhile.
            try (Fd created = files.openAt(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                boolean pipe = node.isPipe();
                files.statResult(created)
                        .checkDevice(
                                node.mode & ~07777, pipe ? 0 : node.major, pipe ? 0 : node.minor);
            }
        }
        for (Fd directory : directories.values()) {
            directory.close();
        }
    }

    /** A node on its way: asked for, not looked at yet. */
    private record Made(Node node, Call mknod, Fd created, StatResult statResult) {}

    /** All are asked for in one batch; the answers are looked at afterwards. */
    private static void create(SetupContext context, List<Node> nodes) {
        Files files = context.init().files();
        Map<String, Fd> directories = new HashMap<>();
        List<Made> made = new ArrayList<>();
        for (Node node : nodes) {
            String name = node.name();
            String parent = node.parent();
            Fd directory = directories.get(parent);
            if (directory == null) {
                directory = new RootedPaths(context.root()).parent(node.path);
                directories.put(parent, directory);
            }
            Call mknod =
                    context.init()
                            .directories()
                            .mknod(directory, name, node.mode, node.major, node.minor);
            mknod.tolerate(Errno.EEXIST, Errno.EPERM).submit();
            Fd created = files.openIfExists(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
            made.add(new Made(node, mknod, created, files.statResult(created)));
        }
        for (Made one : made) {
            if (one.mknod.failedWith(Errno.EPERM)) {
                // The specification names no user namespace, but the runtime is in one.
                bind(context, one.node);
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
        // Another process that shares the directory may have replaced the file meanwhile.
        verify(made.statResult.stat(), made.node);
        Node node = made.node;
        if (made.mknod.error().isEmpty() && (node.uid != 0 || node.gid != 0)) {
            files.chown(made.created, (int) node.uid, (int) node.gid).submit();
        }
    }

    private static void verify(Stat found, Node node) {
        if (!node.is(found)) {
            throw Failure.invalid(
                    node.field,
                    "\"" + node.path + "\" exists already and is another device",
                    "remove it from the image");
        }
    }

    /**
     * Submits the calls that bind the host's node if the image has a plain file there, or nothing.
     *
     * @return the call that attaches it
     */
    private static Call submitBind(SetupContext context, Node node) {
        Files files = context.init().files();
        Mounts mounts = context.init().mounts();
        RootedPaths paths = new RootedPaths(context.root());
        String name = node.name();
        try (Fd tree = mounts.cloneTree(files.here(), node.path, false, true);
                Fd directory = paths.askForDirectory(node.parent(), RootedPaths.Links.FOLLOW)) {
            files.statResult(tree).checkDevice(node.mode & ~07777, node.major, node.minor);
            files.directories()
                    .mknod(directory, name, S_IFREG | COVERED_MODE, 0, 0)
                    .tolerate(Errno.EEXIST)
                    .submit();
            try (Fd target = files.openAt(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                files.statResult(target).checkDevice(S_IFREG, 0, 0);
                mounts.setAttributes(tree, false, HARMLESS, Set.of()).submit();
                return mounts.attach(tree, target);
            }
        }
    }

    /** Permissions and owner are those of the host's node, for it is that node. */
    private static void bind(SetupContext context, Node node) {
        try (MountSource source = MountSource.plain(context, node.path, false, true);
                RootedPaths.Place target =
                        new RootedPaths(context.root())
                                .place(node.path, false, RootedPaths.Links.FOLLOW)) {
            if (!node.is(source.statResult().stat())) {
                throw Failure.invalid(
                        node.field, "\"" + node.path + "\" is another device on the host", REMEDY);
            }
            Stat covered = target.statResult().stat();
            if (!covered.isRegularFile()) {
                verify(covered, node);
            }
            Mounts mounts = context.init().mounts();
            mounts.setAttributes(source.tree(), false, HARMLESS, Set.of()).submit();
            mounts.attach(source.tree(), target.fd());
        } catch (Failure f) {
            if (f.is(Errno.ENOENT) && f.path().equals(node.path)) {
                throw Failure.invalid(
                        node.field, "\"" + node.path + "\" does not exist on the host", REMEDY);
            }
            throw f;
        }
    }

    /** Returns a node that every container has. */
    static Node standard(String name, int major, int minor) {
        return new Node("/dev/" + name, S_IFCHR | 0666, major, minor, 0, 0, STANDARD);
    }
}
