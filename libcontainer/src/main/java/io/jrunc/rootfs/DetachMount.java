// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;

/**
 * Takes a mount out of a container that runs, by a descriptor of its root: a path could lead
 * elsewhere by now. umount2(2) takes only paths, so it gets that of the descriptor in the host's
 * procfs, which the container cannot replace.
 */
public final class DetachMount {
    /** How many mounts that the container has put on top of one are removed with it. */
    private static final int MAX_COVERS = 64;

    private DetachMount() {}

    /**
     * Detaches what lies topmost on {@code mount}: that itself, unless another mount covers it.
     *
     * @param mount open in a process that is in the mount namespace
     */
    public static void topmost(Kernel runtime, Fd mount) {
        Call call = detach(runtime, mount);
        if (call.result() < 0) {
            throw Failure.syscall(
                    "umount2",
                    mount.name(),
                    call.error().orElseThrow(),
                    "it may have been unmounted meanwhile, or belong to a more privileged user"
                            + " namespace, which locks it");
        }
    }

    /** Detaches {@code mount} and whatever the container has put on top of it meanwhile. */
    public static void all(Kernel runtime, Fd mount) {
        for (int i = 0; i < MAX_COVERS; i++) {
            Call call = detach(runtime, mount);
            if (call.failedWith(Errno.EINVAL)) {
                return; // it is not in the container's tree any more
            }
            if (call.result() < 0) {
                throw Failure.syscall("umount2", mount.name(), call.error().orElseThrow(), "");
            }
        }
    }

    private static Call detach(Kernel runtime, Fd mount) {
        Kernel process = mount.kernel();
        try (Fd proc = runtime.files().open("/proc", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            process.files().fchdir(proc);
            Call call = process.mounts().tryDetach("self/fd/" + mount.number()).tolerateAll();
            call.submit();
            process.files().chdir("/").submit();
            process.flush();
            return call;
        }
    }
}
