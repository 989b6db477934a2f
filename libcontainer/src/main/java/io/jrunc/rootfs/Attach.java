// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.setup.SetupContext;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What all kinds of mounts have in common: the target is found inside the root, by descriptor. */
final class Attach {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    /** Of a remount; access times stay, see mount(2). */
    private static final List<MountAttr> CLEARED_UNLESS_NAMED =
            List.of(
                    MountAttr.RDONLY,
                    MountAttr.NOSUID,
                    MountAttr.NODEV,
                    MountAttr.NOEXEC,
                    MountAttr.NOSYMFOLLOW);

    private Attach() {}

    /** Puts the directory {@code tree} on {@code destination}, created if it is missing. */
    static void at(SetupContext context, Fd tree, String destination) {
        RootedPaths.Links links = RootedPaths.Links.FOLLOW;
        Fd lent = tree.lent();
        if (context.mountsLive()) {
            inOrder(context, tree, destination, true, false, links);
            return;
        }
        context.init()
                .attempt(
                        () -> submit(context, tree, destination, true, links),
                        failure -> inOrder(context, lent, destination, true, false, links));
    }

    /**
     * Attempts to make a mount without waiting; if that fails before the mount is there, makes it
     * in another way.
     *
     * @param calls submits them, and notes the one that attaches as the first element
     * @param otherwise the other way
     */
    static void attempt(Kernel init, Consumer<Call[]> calls, Runnable otherwise) {
        Call[] attached = new Call[1];
        init.attempt(
                () -> calls.accept(attached),
                failure -> {
                    if (isMade(attached[0])) {
                        throw failure; // what follows cannot be done in another way
                    }
                    otherwise.run();
                });
    }

    private static boolean isMade(Call attach) {
        return attach != null && attach.isDone() && attach.result() >= 0;
    }

    /**
     * Submits what puts {@code tree} on {@code destination} in most cases, for an attempt: it fails
     * where {@link #inOrder} may find a way, or knows what is wrong.
     *
     * @param directory whether it is one, and so created if it is missing
     * @return the call that attaches it
     */
    static Call submit(
            SetupContext context,
            Fd tree,
            String destination,
            boolean directory,
            RootedPaths.Links links) {
        RootedPaths paths = new RootedPaths(context.root());
        try (Fd target =
                directory
                        ? paths.askForDirectory(destination, links)
                        : paths.askFor(destination, links)) {
            context.init().files().checkNotIn(PROC_SUPER_MAGIC, target);
            return context.init().mounts().attach(tree, target);
        }
    }

    /**
     * Puts {@code tree} on {@code destination}, which is created if it is missing: looks first, and
     * attaches then.
     */
    static void inOrder(
            SetupContext context,
            Fd tree,
            String destination,
            boolean directory,
            boolean proc,
            RootedPaths.Links links) {
        ProcOverlay.check(destination, proc);
        try (RootedPaths.Place target =
                new RootedPaths(context.root()).place(destination, directory, links)) {
            boolean isDirectory = target.statResult().stat().isDirectory();
            if (isDirectory != directory) {
                throw Failure.of(
                        Failure.Code.MOUNT_TARGET,
                        destination
                                + (isDirectory ? ": is a directory" : ": not a directory")
                                + ", but the source "
                                + (directory ? "is one" : "is a file")
                                + "; mount a directory on a directory and a file on a file");
            }
            if (target.statResult().fileSystemType() == PROC_SUPER_MAGIC) {
                ProcOverlay.checkInside(destination, proc);
            }
            context.noteAttach(tree);
            context.root().kernel().mounts().attach(tree, target.fd());
        } catch (Failure f) {
            boolean noRoom = f.is(Errno.EROFS) || f.is(Errno.EACCES);
            throw context.mountsLive() && noRoom ? noRoom(destination, f) : f;
        }
    }

    private static Failure noRoom(String destination, Failure cause) {
        return Failure.of(
                Failure.Code.MOUNT_TARGET,
                destination
                        + ": is not there, and would be made where the file system is read-only or"
                        + " the container's root may not write; mount over something that is"
                        + " there, or below a tmpfs",
                cause);
    }

    /** Attributes and propagation that only an attached, or any, mount can have. */
    static void finish(Mounts mounts, Fd tree, MountOptions options) {
        if (!options.recursiveSet().isEmpty() || !options.recursiveClear().isEmpty()) {
            Set<MountAttr> set = options.recursiveSet();
            explained(mounts.setAttributes(tree, true, set, options.recursiveClear())).submit();
        }
        for (MountOptions.Spread spread : options.propagation()) {
            mounts.setPropagation(tree, spread.propagation(), spread.recursive());
        }
    }

    /** Sets and clears attributes of one mount; nothing to do is not a call. */
    static void attributes(Mounts mounts, Fd tree, MountOptions options) {
        Set<MountAttr> set = options.set();
        Set<MountAttr> clear = options.clear();
        if (!set.isEmpty() || !clear.isEmpty()) {
            explained(mounts.setAttributes(tree, false, set, clear)).submit();
        }
    }

    /**
     * Gives a bind the attributes that its options name. If they name any, the others are cleared,
     * as mount(8) and runc 1.2 do, whatever the source is mounted with; those that a user namespace
     * has locked stay. If they name none, all stay as they are.
     */
    static void bindAttributes(Mounts mounts, Fd tree, MountOptions options) {
        attributes(mounts, tree, options);
        if (options.set().isEmpty() && options.clear().isEmpty()) {
            return;
        }
        for (MountAttr other : CLEARED_UNLESS_NAMED) {
            if (!options.set().contains(other) && !options.clear().contains(other)) {
                mounts.setAttributes(tree, false, Set.of(), Set.of(other))
                        .tolerate(Errno.EPERM)
                        .submit();
            }
        }
    }

    private static Call explained(Call setAttributes) {
        return setAttributes.hint(
                Errno.EPERM,
                "the user namespace that the source comes from may have locked an attribute that"
                        + " is to be cleared or an access time mode; leave that option out");
    }
}
