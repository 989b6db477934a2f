// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.MountInfo;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Moves the root file system over the host's root and changes to it, for {@code --no-pivot}. The
 * host's mounts stay in the mount namespace, below. As long as a whole procfs or sysfs is among
 * them, the kernel lets a user namespace mount others, without what is masked: those go first.
 */
final class MoveRoot {
    private MoveRoot() {}

    static void apply(Kernel init, Fd root) {
        Files files = init.files();
        String path = init.directories().readLink(files.here(), "/proc/self/fd/" + root.number());
        List<String> whole = wholeKernelMounts(files.readText(MountInfo.OWN), path);
        for (int i = whole.size() - 1; i >= 0; i--) { // what lies on top first
            remove(init, whole.get(i));
        }
        try (Fd host = files.open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            init.mounts().attach(root, host);
        }
        files.fchdir(root);
        files.chroot(".");
    }

    /**
     * Returns where all of a procfs or sysfs is mounted, in order, that is not below {@code root}.
     */
    static List<String> wholeKernelMounts(String mountInfo, String root) {
        List<String> found = new ArrayList<>();
        for (MountInfo mount : MountInfo.parse(mountInfo)) {
            boolean kernels = mount.type().equals("proc") || mount.type().equals("sysfs");
            boolean whole = mount.root().equals("/");
            if (kernels && whole && !mount.mountPoint().startsWith(root + "/")) {
                found.add(mount.mountPoint());
            }
        }
        return found;
    }

    private static void remove(Kernel init, String path) {
        Mounts mounts = init.mounts();
        try (Fd mount = init.files().openIfReadable(path, OpenFlag.PATH)) {
            if (!mount.isOpen()) {
                return; // gone with what it was mounted on
            }
            mounts.setPropagation(mount, Propagation.SLAVE, true);
        }
        Call unmount = mounts.tryDetach(path).tolerate(Errno.EPERM, Errno.EINVAL).submit();
        if (unmount.error().isPresent()) {
            cover(init, path); // locked by a user namespace
        }
    }

    private static void cover(Kernel init, String path) {
        Mounts mounts = init.mounts();
        try (Fd tmpfs = mounts.openFileSystem("tmpfs")) {
            mounts.create(tmpfs);
            try (Fd cover = mounts.mount(tmpfs, EnumSet.noneOf(MountAttr.class));
                    Fd target = init.files().open(path, OpenFlag.PATH)) {
                mounts.attach(cover, target);
            }
        }
    }
}
