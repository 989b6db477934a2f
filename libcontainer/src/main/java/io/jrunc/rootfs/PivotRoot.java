// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Makes the root file system the root, and lets go of the host's.
 *
 * @param move whether to do it without pivot_root(2), as on a host that lives in its initramfs
 * @param shared whether the mount namespace is the runtime's, whose root stays what it is
 */
record PivotRoot(boolean move, boolean shared) implements Step {
    @Override
    public String title() {
        if (shared) {
            return "change to it; the mounts stay the runtime's";
        }
        return move
                ? "move it over the host's root and change to it"
                : "make it the root and let go of the host's";
    }

    @Override
    public String field() {
        return "root.path";
    }

    @Override
    public boolean isDeferrable() {
        return !move;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        if (shared) {
            init.files().fchdir(context.root());
            init.files().chroot(".");
        } else if (move) {
            MoveRoot.apply(init, context.root());
        } else {
            pivot(init, context.root());
        }
        init.files().chdir("/").submit();
    }

    private static void pivot(Kernel init, Fd root) {
        Mounts mounts = init.mounts();
        try (Fd old = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            init.files().fchdir(root);
            // pivot_root(".", ".") stacks the old root on the new one; see NOTES in pivot_root(2).
            mounts.pivotRootHere();
            // Slave, not private: an unmount must still reach us, or the host's devices stay busy.
            mounts.setPropagation(old, Propagation.SLAVE, true);
        }
        mounts.detach(".");
    }
}
