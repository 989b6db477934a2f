// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.StatResult;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;

/**
 * Shows a file or directory of the host inside the container. If its options name attributes, it
 * has those, and else those of the source; flags that a user namespace locked survive.
 *
 * @param source absolute, on the host; what earlier mounts of the container put there counts
 * @param idMap whose its files look like; empty: those that they belong to
 */
record BindMount(
        int index, String source, String destination, MountOptions options, Optional<IdMap> idMap)
        implements Step {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final long PROC_ROOT_INODE = 1;

    @Override
    public String title() {
        return "bind " + source + " at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public boolean isDeferrable() {
        return !mustLookFirst();
    }

    /** Whether what is at the source, or in /proc, decides about the calls. */
    private boolean mustLookFirst() {
        return idMap.isPresent()
                || options.has(MountOptions.Extra.COPY_SYMLINK)
                || (destination + "/").startsWith("/proc/");
    }

    @Override
    public void apply(SetupContext context) {
        if (mustLookFirst() || context.mountsLive()) {
            inOrder(context);
            return;
        }
        Attach.attempt(
                context.init(), attached -> submit(context, attached), () -> inOrder(context));
    }

    /** Submits the calls that make the mount if source and destination are there and alike. */
    private void submit(SetupContext context, Call[] attached) {
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        try (Fd tree =
                mounts.cloneTree(init.files().here(), source, options.recursive(), follows())) {
            Attach.bindAttributes(mounts, tree, options);
            attached[0] = Attach.submit(context, tree, destination, false, links());
            Attach.finish(mounts, tree, options);
        }
    }

    private boolean follows() {
        return !options.has(MountOptions.Extra.SOURCE_NOFOLLOW);
    }

    /** Makes the mount step by step, and waits for each result that decides about the next call. */
    private void inOrder(SetupContext context) {
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        if (options.has(MountOptions.Extra.COPY_SYMLINK)
                && CopySymlink.made(context, source, destination, field())) {
            return;
        }
        try (MountSource source = source(context)) {
            StatResult statResult = source.statResult();
            boolean directory = statResult.stat().isDirectory();
            // No file of a procfs, but all of it, may take the place of /proc.
            boolean proc =
                    statResult.fileSystemType() == PROC_SUPER_MAGIC
                            && statResult.stat().inode() == PROC_ROOT_INODE;
            Attach.bindAttributes(mounts, source.tree(), options);
            try (Fd tree = context.takenToRoot(source.tree())) {
                Attach.inOrder(context, tree, destination, directory, proc, links());
                Attach.finish(context.root().kernel().mounts(), tree, options);
                context.root().kernel().flush();
            }
        }
    }

    private RootedPaths.Links links() {
        boolean keep = options.has(MountOptions.Extra.DESTINATION_NOFOLLOW);
        return keep ? RootedPaths.Links.KEEP_LAST : RootedPaths.Links.FOLLOW;
    }

    private MountSource source(SetupContext context) {
        boolean follow = follows();
        return idMap.isPresent()
                ? MountSource.mapped(context, source, options.recursive(), follow, idMap.get())
                : MountSource.plain(context, source, options.recursive(), follow);
    }
}
