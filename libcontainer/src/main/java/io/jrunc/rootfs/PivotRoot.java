package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/** Makes the root file system the root, and lets go of the host's. */
public record PivotRoot() implements Step {
    @Override
    public String title() {
        return "make it the root and let go of the host's";
    }

    @Override
    public String field() {
        return "root.path";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Mounts mounts = init.mounts();
        try (Fd old = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            init.files().fchdir(scene.root());
            // pivot_root(".", ".") stacks the old root on the new one; see NOTES in pivot_root(2).
            mounts.pivotRootHere();
            // Slave, not private: an unmount must still reach us, or the host's devices stay busy.
            mounts.setPropagation(old, Propagation.SLAVE, true);
        }
        mounts.detach(".");
        init.files().chdir("/").submit();
    }
}
