// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.setup.SetupContext;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Opens files of an image for reading. Whatever has a path there may be a device that acts when it
 * is opened, or a pipe that makes its reader wait, and init has not joined its device cgroup yet.
 * So init opens a handle only (O_PATH) and gives it to the runtime, which looks at it and opens it
 * again if it is a regular file: through the handle, so that nothing can take its place.
 */
public final class ImageFiles {
    private final Files init;
    private final Files runtime;
    private final Function<Fd, Supplier<Fd>> export;

    /** Whether the runtime's handle is the one that was opened. */
    private final boolean ownHandles;

    /** Files that the init of {@code context} sees. */
    public ImageFiles(SetupContext context) {
        this(context.init(), context.runtime(), handle -> context.askFor(handle)::requireAttached);
    }

    /** Files that the runtime itself sees. */
    public ImageFiles(Kernel runtime) {
        this(runtime, runtime, handle -> () -> handle);
    }

    private ImageFiles(Kernel init, Kernel runtime, Function<Fd, Supplier<Fd>> export) {
        this.init = init.files();
        this.runtime = runtime.files();
        this.export = export;
        this.ownHandles = init.equals(runtime);
    }

    /** Returns what init has at {@code path}, links followed. */
    public ImageFile at(String path) {
        return ask(init.openHandle(path)).get();
    }

    /**
     * As {@link #at}; nothing waits for it yet.
     *
     * @param before without whose success nothing is opened
     */
    public Supplier<ImageFile> ask(String path, Call before) {
        return ask(init.openHandle(path, before));
    }

    /**
     * Returns the regular file, or whatever else, at {@code path} inside {@code root}, open in
     * init.
     */
    ImageFile inRoot(Fd root, String path) {
        try {
            return ask(new RootedPaths(root).find(path)).get();
        } catch (Failure f) {
            if (f.is(Errno.ELOOP) || f.is(Errno.EACCES)) {
                return ImageFile.notFound(f.errno().orElseThrow());
            }
            throw f;
        }
    }

    /** As {@link #inRoot}; nothing waits for it yet. */
    public Supplier<ImageFile> askInRoot(Fd root, String path) {
        Fd handle = new RootedPaths(root).askAnything(path);
        Supplier<ImageFile> asked = ask(handle);
        return () -> handle.failedWith(Errno.EAGAIN) ? inRoot(root, path) : asked.get();
    }

    private Supplier<ImageFile> ask(Fd handle) {
        Supplier<Fd> exported = export.apply(handle); // in the batch that opens it
        if (!ownHandles) {
            handle.close();
        }
        return () -> {
            Optional<Errno> error = handle.openError();
            if (error.isPresent()) {
                return ImageFile.notFound(error.get());
            }
            try (Fd ours = exported.get()) {
                Stat stat = runtime.stat(ours);
                return ImageFile.found(stat, runtime.openRegular(ours, stat));
            }
        };
    }
}
