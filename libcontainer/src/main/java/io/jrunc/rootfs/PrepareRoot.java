// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.linux.Stat;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;

/**
 * Makes the root file system a mount of the container's own. What the container mounts must not
 * reach the host, so all mounts become slaves (or what {@code rootfsPropagation} says) first.
 *
 * @param path the root file system on the host, absolute
 */
record PrepareRoot(String path, Propagation propagation, boolean recursive) implements Step {
    private static final int MAX_DEPTH = 2048; // a path has no more components, see PATH_MAX

    @Override
    public String title() {
        return "make " + path + " a mount of its own";
    }

    @Override
    public String field() {
        return "root.path";
    }

    @Override
    public boolean isDeferrable() {
        return !detachesParent();
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        try (Fd hostRoot = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            // What cannot be bound could not become a mount of its own: that comes last.
            boolean later = propagation == Propagation.UNBINDABLE;
            mounts.setPropagation(
                    hostRoot, later ? Propagation.SLAVE : propagation, later || recursive);
        }
        Fd[] directory = new Fd[1];
        init.attempt(() -> directory[0] = open(init), failure -> refuse(init, failure));
        try (Fd target = directory[0]) {
            if (detachesParent()) {
                detachParent(init, target);
            }
            Fd tree = mounts.cloneTree(target, "", true, true);
            mounts.attach(tree, target);
            context.setRoot(tree);
        }
    }

    private Fd open(Kernel init) {
        return init.files().open(path, OpenFlag.PATH, OpenFlag.NOFOLLOW, OpenFlag.DIRECTORY);
    }

    /** Says what is at the path instead of a directory. */
    private void refuse(Kernel init, Failure failure) {
        if (!failure.is(Errno.ENOTDIR)) {
            throw failure;
        }
        Optional<Stat> found = init.files().linkStatIfExists(path);
        if (found.isPresent() && found.get().isSymlink()) {
            throw Failure.invalid(
                    "root.path",
                    "\"" + path + "\" is a symbolic link",
                    "write the directory that it points to");
        }
        if (found.isPresent() && !found.get().isDirectory()) {
            throw Failure.invalid(
                    "root.path", "\"" + path + "\" is no directory", "name a directory");
        }
        throw failure;
    }

    private boolean detachesParent() {
        return propagation == Propagation.SHARED || !recursive;
    }

    /**
     * What is mounted on the root file system would else reach the host by way of the mount that it
     * lies in; and pivot_root(2) refuses a shared parent.
     */
    private void detachParent(Kernel init, Fd directory) {
        Files files = init.files();
        Fd at = init.descriptors().duplicate(directory);
        for (int i = 0; i < MAX_DEPTH && !files.stat(at).mountRoot(); i++) {
            Fd parent = files.openAt(at, "..", OpenFlag.PATH, OpenFlag.DIRECTORY);
            at.close();
            at = parent;
        }
        boolean slave = propagation == Propagation.SLAVE || propagation == Propagation.UNBINDABLE;
        Propagation parent = slave ? Propagation.SLAVE : Propagation.PRIVATE;
        init.mounts().setPropagation(at, parent, false);
        at.close();
    }
}
