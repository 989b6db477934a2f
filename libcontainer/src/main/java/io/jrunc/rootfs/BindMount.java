package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Look;
import io.jrunc.linux.Mounts;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Shows a file or directory of the host inside the container. Attributes that are not named stay
 * those of the source, so flags that a user namespace locked survive.
 *
 * @param source absolute, on the host
 */
public record BindMount(int index, String source, String destination, MountOptions options)
        implements Step {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    @Override
    public String title() {
        return "bind " + source + " at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Mounts mounts = init.mounts();
        try (Fd tree = mounts.cloneTree(init.files().here(), source, options.recursive(), true)) {
            Look look = init.files().look(tree);
            boolean directory = look.stat().isDirectory();
            boolean proc = look.fileSystemType() == PROC_SUPER_MAGIC;
            if (destination.equals("/proc") && !proc) {
                throw Failure.of(
                        "mount-target",
                        "\"" + destination + "\" cannot be mounted because it is not of type proc");
            }
            Attach.attributes(mounts, tree, options.set(), options.clear());
            Attach.at(init, scene.root(), tree, destination, directory, proc);
            Attach.finish(mounts, tree, options);
        } catch (Failure f) {
            throw f.is(Errno.EPERM)
                    ? f.during(
                            "an attribute may be locked by the user namespace that owns the source")
                    : f;
        }
    }
}
