// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Shows the container its own cgroups. They are bound, not mounted anew: for a process whose cgroup
 * namespace has the same root the two look alike, and init joins only later.
 *
 * @param cgroups one per hierarchy; a single v2 one is shown directly at {@code destination}
 * @param whole whether a v2 hierarchy is shown as a whole: as runc does in the host's cgroup
 *     namespace, for example for monitors
 */
record MountCgroups(
        int index,
        String destination,
        MountOptions options,
        List<Cgroup> cgroups,
        boolean pureV2,
        boolean whole)
        implements Step {
    private static final int DIRECTORY_MODE = 0755;

    @Override
    public String title() {
        return (whole ? "show all" : "show the container's") + " cgroups at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        if (whole) {
            bind(context, cgroups.get(0).hierarchy().mountPoint(), destination);
            return;
        }
        // CVE-2023-25809: where the container has no cgroup of its own it sees none, not the
        // host's.
        if (pureV2 && context.cgroups().directories().contains(cgroups.get(0).directory())) {
            bind(context, cgroups.get(0).directory(), destination);
            return;
        }
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        try (Fd tmpfs = mounts.openFileSystem("tmpfs")) {
            mounts.configure(tmpfs, "source", "tmpfs");
            mounts.configure(tmpfs, "mode", mode(context));
            FileSystemOptions.setContext(mounts, tmpfs, options);
            mounts.create(tmpfs);
            Set<MountAttr> attributes = EnumSet.noneOf(MountAttr.class);
            attributes.addAll(options.set());
            attributes.remove(MountAttr.RDONLY);
            Fd top = mounts.mount(tmpfs, attributes);
            Attach.at(context, top, destination);
            for (Cgroup cgroup : cgroups) {
                if (!context.cgroups().directories().contains(cgroup.directory())) {
                    continue;
                }
                String name = cgroup.hierarchy().directoryName();
                bindBelow(init, top, cgroup, name);
                linkControllers(init, top, cgroup, name);
            }
            if (options.readOnly()) {
                mounts.setAttributes(top, false, Set.of(MountAttr.RDONLY), Set.of()).submit();
            }
            Attach.finish(mounts, top, options);
            top.close();
        }
    }

    /** As runc's: that of the directory that is covered, or 0755. */
    private String mode(SetupContext context) {
        try (RootedPaths.Place covered = new RootedPaths(context.root()).look(destination)) {
            return covered.fd().isOpen()
                    ? Integer.toOctalString(covered.statResult().stat().permissions())
                    : "755";
        }
    }

    private void bind(SetupContext context, String directory, String target) {
        Kernel init = context.init();
        Mounts mounts = init.mounts();
        try (Fd tree = mounts.cloneTree(init.files().here(), directory, false, true)) {
            Attach.attributes(mounts, tree, options);
            Attach.at(context, tree, target);
        }
    }

    /** In a file system that was just made nothing can be in the way: no need to look. */
    private void bindBelow(Kernel init, Fd top, Cgroup cgroup, String name) {
        Mounts mounts = init.mounts();
        init.directories().mkdir(top, name, DIRECTORY_MODE).submit();
        try (Fd tree = mounts.cloneTree(init.files().here(), cgroup.directory(), false, true);
                Fd target = init.files().openAt(top, name, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            Attach.attributes(mounts, tree, options);
            mounts.attach(tree, target);
        }
    }

    /** A hierarchy of two controllers is found under both names: cpu, cpuacct -> cpu,cpuacct. */
    private static void linkControllers(Kernel init, Fd top, Cgroup cgroup, String name) {
        List<String> controllers = cgroup.hierarchy().controllers();
        if (controllers.size() < 2) {
            return;
        }
        for (String controller : controllers) {
            init.directories().symlink(name, top, controller).tolerate(Errno.EEXIST).submit();
        }
    }
}
