package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import java.util.Set;

/** What all kinds of mounts have in common: the target is found inside the root, by descriptor. */
final class Attach {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    private Attach() {}

    /** Puts {@code tree} on {@code destination}, which is created if it is missing. */
    static void at(
            Kernel kernel, Fd root, Fd tree, String destination, boolean directory, boolean proc) {
        try (Inside.Place target = new Inside(root).place(destination, directory)) {
            boolean isDirectory = target.look().stat().isDirectory();
            if (isDirectory != directory) {
                throw Failure.of(
                        "mount-target",
                        destination
                                + (isDirectory ? ": is a directory" : ": not a directory")
                                + ", but the source "
                                + (directory ? "is one" : "is a file")
                                + "; mount a directory on a directory and a file on a file");
            }
            if (!proc && target.look().fileSystemType() == PROC_SUPER_MAGIC) {
                ProcOverlay.check(destination);
            }
            kernel.mounts().attach(tree, target.fd());
        }
    }

    /** Attributes and propagation that only an attached, or any, mount can have. */
    static void finish(Mounts mounts, Fd tree, MountOptions options) {
        if (!options.recursiveSet().isEmpty() || !options.recursiveClear().isEmpty()) {
            mounts.setAttributes(tree, true, options.recursiveSet(), options.recursiveClear())
                    .submit();
        }
        for (MountOptions.Spread spread : options.propagation()) {
            mounts.setPropagation(tree, spread.propagation(), spread.recursive());
        }
    }

    /** Sets and clears attributes of one mount; nothing to do is not a call. */
    static void attributes(Mounts mounts, Fd tree, Set<MountAttr> set, Set<MountAttr> clear) {
        if (!set.isEmpty() || !clear.isEmpty()) {
            mounts.setAttributes(tree, false, set, clear).submit();
        }
    }
}
