// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountInfo;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Makes the root file system a mount, for a container without a mount namespace: what it mounts are
 * mounts of the runtime's namespace, below this one, and go with it. The mounts that were there
 * before stay as they are.
 *
 * @param path the root file system on the host, absolute
 */
public record BindRoot(String path) implements Step {
    @Override
    public String title() {
        return "make " + path + " a mount of the runtime's namespace";
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        try (Fd target =
                init.files().open(path, OpenFlag.PATH, OpenFlag.NOFOLLOW, OpenFlag.DIRECTORY)) {
            Fd tree = mounts.cloneTree(target, "", true, true);
            mounts.attach(tree, target);
            mounts.setPropagation(tree, Propagation.PRIVATE, true);
            context.setRoot(tree);
            init.flush();
        } catch (Failure f) {
            throw f.is(Errno.EPERM)
                    ? f.during("without a mount namespace the container must not have a user one")
                    : f;
        }
    }

    /** Returns how many mounts there are at {@code path}, one upon the other. */
    public static int count(Kernel runtime, String path) {
        Files files = runtime.files();
        String real;
        try (Fd root = files.open(path, OpenFlag.PATH)) {
            real = runtime.directories().readLink(files.here(), "/proc/self/fd/" + root.number());
        }
        int count = 0;
        for (MountInfo mount : MountInfo.parse(files.readText(MountInfo.OWN))) {
            count += mount.mountPoint().equals(real) ? 1 : 0;
        }
        return count;
    }

    /**
     * Unmounts what was mounted at {@code path}, and all below it, until {@code before} are left.
     */
    public static void unmount(Kernel runtime, String path, int before) {
        for (int i = count(runtime, path); i > before; i--) {
            runtime.mounts().detach(path);
        }
    }
}
