// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.StatResult;
import io.jrunc.setup.SetupContext;

/**
 * The tree that a bind mount shows, detached, and what statx(2) says of it in init. It is always
 * looked up in the container's mount namespace, so that what earlier mounts put at the path is
 * found, and locked flags stay locked.
 *
 * @param init makes the calls that take the tree
 */
record MountSource(Fd tree, StatResult statResult, Kernel init) implements AutoCloseable {

    /**
     * Returns the tree at {@code path}, opened by init. If init may not search a directory of the
     * path, as is common for root of a user namespace, a helper with the permission opens it.
     */
    static MountSource plain(SetupContext context, String path, boolean recursive, boolean follow) {
        Kernel init = context.init();
        Fd here = init.files().here();
        Fd tree = init.mounts().cloneTreeIfReachable(here, path, recursive, follow);
        StatResult statResult = init.files().statResult(tree); // in the same batch
        if (tree.isOpen()) {
            return new MountSource(tree, statResult, init);
        }
        try (Fd theirs = open(context, path, recursive, follow)) {
            return exported(context, theirs);
        } catch (Failure f) {
            throw Failure.syscall(
                    "open_tree",
                    path,
                    Errno.EACCES,
                    "the container's root may not search a directory on the way");
        }
    }

    /** Returns the tree at {@code path}, whose files look as if they belonged to others. */
    static MountSource mapped(
            SetupContext context, String path, boolean recursive, boolean follow, IdMap map) {
        Fd userNamespace = map.userNamespace(context);
        try (Fd theirs = open(context, path, recursive, follow)) {
            // Needs CAP_SYS_ADMIN in the user namespace in which the file system was mounted.
            theirs.kernel().mounts().mapIds(theirs, userNamespace, map.recursive()).submit();
            return exported(context, theirs);
        }
    }

    private static Fd open(SetupContext context, String path, boolean recursive, boolean follow) {
        Kernel mounter = context.helpers().mounter();
        Mounts mounts = mounter.mounts();
        return mounts.cloneTree(mounter.files().here(), path, recursive, follow);
    }

    /** By way of the runtime, which calls of init can take it from. */
    private static MountSource exported(SetupContext context, Fd theirs) {
        Kernel init = context.init();
        Fd tree = context.export(theirs);
        return new MountSource(tree, init.files().statResult(tree), init);
    }

    @Override
    public void close() {
        init.flush(); // what another process opened must be open when the calls are sent
        tree.close();
    }
}
