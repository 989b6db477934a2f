// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.setup.SetupContext;
import java.util.function.UnaryOperator;

/**
 * Opens files of an image for reading. Whatever has a path there may be a device that acts when it
 * is opened, or a pipe that makes its reader wait, and init has not joined its device cgroup yet.
 * So init opens a handle only (O_PATH) and gives it to the runtime, which looks at it and opens it
 * again if it is a regular file: through the handle, so that nothing can take its place.
 */
public final class ImageFiles {
    private final Files init;
    private final Files runtime;
    private final UnaryOperator<Fd> export;

    /** Files that the init of {@code context} sees. */
    public ImageFiles(SetupContext context) {
        this(context.init(), context.runtime(), context::export);
    }

    /** Files that the runtime itself sees. */
    public ImageFiles(Kernel runtime) {
        this(runtime, runtime, handle -> handle);
    }

    private ImageFiles(Kernel init, Kernel runtime, UnaryOperator<Fd> export) {
        this.init = init.files();
        this.runtime = runtime.files();
        this.export = export;
    }

    /** Returns what init has at {@code path}, links followed. */
    public ImageFile at(String path) {
        return look(init.openHandle(path));
    }

    /**
     * Returns the regular file, or whatever else, at {@code path} inside {@code root}, open in
     * init.
     */
    public ImageFile inRoot(Fd root, String path) {
        try {
            return look(new RootedPaths(root).find(path));
        } catch (Failure f) {
            if (f.is(Errno.ELOOP) || f.is(Errno.EACCES)) {
                return new ImageFile(f.errno(), null, null);
            }
            throw f;
        }
    }

    private ImageFile look(Fd handle) {
        try (handle) {
            Fd ours = export.apply(handle); // in the batch that opens it
            if (!handle.isOpen()) {
                return new ImageFile(handle.opener().error(), null, null);
            }
            try (ours) {
                Stat stat = runtime.stat(ours);
                return new ImageFile(null, stat, runtime.openRegular(ours, stat));
            }
        }
    }
}
