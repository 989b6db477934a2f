package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Makes the root file system a mount of the container's own. What the container mounts must not
 * reach the host, so all mounts become slaves (or what {@code rootfsPropagation} says) first.
 *
 * @param path the root file system on the host, absolute
 */
public record PrepareRoot(String path, Propagation propagation, boolean recursive) implements Step {
    @Override
    public String title() {
        return "make " + path + " a mount of its own";
    }

    @Override
    public String field() {
        return "root.path";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Mounts mounts = init.mounts();
        try (Fd hostRoot = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            mounts.setPropagation(hostRoot, propagation, recursive);
            // pivot_root(2) refuses a shared parent.
            if (propagation == Propagation.SHARED) {
                mounts.setPropagation(hostRoot, Propagation.PRIVATE, false);
            }
        }
        try (Fd target = init.files().open(path, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
            Stat stat = init.files().stat(target);
            if (stat.isSymlink()) {
                throw Failure.invalid(
                        "root.path",
                        "\"" + path + "\" is a symbolic link",
                        "write the directory that it points to");
            }
            if (!stat.isDirectory()) {
                throw Failure.invalid(
                        "root.path", "\"" + path + "\" is no directory", "name a directory");
            }
            Fd tree = mounts.cloneTree(target, "", true, true);
            mounts.attach(tree, target);
            scene.rootIs(tree);
        }
    }
}
