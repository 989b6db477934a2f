// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes paths read-only, by a read-only bind of themselves, or unreadable, by /dev/null or an empty
 * directory on top. Paths that do not exist need neither. Source: runtime-spec
 * config-linux.md#masked-paths, #readonly-paths.
 *
 * @param label the SELinux context of that directory; absent leaves it to the policy
 */
record MaskPaths(List<String> paths, boolean mask, Optional<String> label) implements Step {
    private static final String NULL = "/dev/null";

    public MaskPaths {
        paths = List.copyOf(new LinkedHashSet<>(paths));
    }

    @Override
    public String title() {
        return (mask ? "mask " : "make read-only ") + String.join(" ", paths);
    }

    @Override
    public String field() {
        return mask ? "linux.maskedPaths" : "linux.readonlyPaths";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        try (Fd root = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            RootedPaths rooted = new RootedPaths(root.lent());
            if (mask) {
                mask(init, rooted);
                return;
            }
            for (String path : paths) {
                init.attempt(
                        () -> makeReadOnly(init.mounts(), rooted.askIfThere(path)),
                        failure -> makeReadOnly(init.mounts(), rooted.find(path)));
            }
        }
    }

    private static void makeReadOnly(Mounts mounts, Fd found) {
        // If there is no such path, all of these calls are skipped.
        try (Fd path = found;
                Fd tree = mounts.cloneTree(path, "", true, true)) {
            mounts.setAttributes(tree, false, Set.of(MountAttr.RDONLY), Set.of()).submit();
            mounts.attach(tree, path);
        }
    }

    private void mask(Kernel init, RootedPaths rooted) {
        Mounts mounts = init.mounts();
        Fd empty = null;
        List<String> wanted = new ArrayList<>(paths);
        wanted.add(NULL);
        List<RootedPaths.Place> found = rooted.lookAll(wanted);
        Fd nothing = requireNull(found.get(paths.size()));
        for (int i = 0; i < paths.size(); i++) {
            Fd path = found.get(i).fd();
            if (!path.isOpen()) {
                continue;
            }
            Fd tree;
            if (found.get(i).statResult().stat().isDirectory()) {
                if (empty == null) {
                    empty = emptyDirectory(mounts);
                    tree = init.descriptors().duplicate(empty);
                } else {
                    tree = mounts.cloneTree(empty, "", false, true);
                }
            } else {
                tree = mounts.cloneTree(nothing, "", false, true);
            }
            mounts.attach(tree, path);
            tree.close();
            path.close();
        }
        nothing.close();
        if (empty != null) {
            empty.close();
        }
    }

    /** CVE-2025-31133: what is called /dev/null in the image may be anything. */
    private static Fd requireNull(RootedPaths.Place nothing) {
        if (!nothing.fd().isOpen() || !nothing.statResult().stat().isCharacterDevice(1, 3)) {
            throw Failure.of(
                    Failure.Code.MASK,
                    "/dev/null in the container is not the null device; remove it from the image");
        }
        return nothing.fd();
    }

    private Fd emptyDirectory(Mounts mounts) {
        try (Fd tmpfs = mounts.openFileSystem("tmpfs")) {
            mounts.configure(tmpfs, "source", "tmpfs");
            mounts.configure(tmpfs, "nr_blocks", "1");
            mounts.configure(tmpfs, "nr_inodes", "1");
            mounts.configure(tmpfs, "ro");
            if (label.isPresent()) {
                mounts.configure(tmpfs, "context", label.get());
            }
            mounts.create(tmpfs);
            return mounts.mount(tmpfs, EnumSet.of(MountAttr.RDONLY));
        }
    }
}
