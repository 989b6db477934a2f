// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Mounts a new file system. The attributes are set when it is created, except read-only where later
 * steps still write to it.
 *
 * @param source only a name for /proc/self/mountinfo, for most types
 * @param rootLabel the SELinux context of its root directory; absent leaves that to the policy
 */
record MountFileSystem(
        int index,
        String type,
        String source,
        String destination,
        MountOptions options,
        Optional<String> rootLabel)
        implements Step {
    private static final String SYSFS = "/sys";

    @Override
    public String title() {
        return "mount " + type + " at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public boolean isDeferrable() {
        return !mustLookFirst();
    }

    /** Whether what is covered, or copied, decides about the calls. */
    private boolean mustLookFirst() {
        return LongOptions.isNeeded(this)
                || options.has(MountOptions.Extra.COPY_UP)
                || rootLabel.isPresent()
                || type.equals("tmpfs") && !FileSystemOptions.has(options, "mode");
    }

    @Override
    public void apply(SetupContext context) {
        if (mustLookFirst() || context.mountsLive()) {
            inOrder(context);
            return;
        }
        ProcOverlay.check(destination, type.equals("proc"));
        Attach.attempt(
                context.init(), attached -> submit(context, attached), () -> inOrder(context));
    }

    /** Submits the calls that make the mount in most cases. */
    private void submit(SetupContext context, Call[] attached) {
        Mounts mounts = context.init().mounts();
        try (Fd fileSystem = mounts.openFileSystem(type)) {
            submitConfiguration(mounts, fileSystem, Optional.empty());
            try (Fd mount = mounts.mount(fileSystem, attributes())) {
                attached[0] = Attach.submit(context, mount, destination, true, links());
                Attach.finish(mounts, mount, options);
            }
        }
    }

    /** Makes the mount step by step, and waits for each result that decides about the next call. */
    private void inOrder(SetupContext context) {
        try (Fd mount = context.takenToRoot(made(context))) {
            Kernel place = context.root().kernel();
            if (options.has(MountOptions.Extra.COPY_UP)) {
                copyUp(context, mount);
            }
            if (rootLabel.isPresent()) {
                label(place, mount, rootLabel.get());
            }
            if (context.mountsLive() && isLateReadOnly()) {
                // No later step writes to it, and a path would have to be looked up again.
                place.mounts()
                        .setAttributes(mount, false, Set.of(MountAttr.RDONLY), Set.of())
                        .submit();
            }
            attach(context, mount);
            Attach.finish(place.mounts(), mount, options);
        }
    }

    private Fd made(SetupContext context) {
        if (LongOptions.isNeeded(this)) {
            return mountedInTheOldWay(context);
        }
        try {
            return mounted(context);
        } catch (Failure f) {
            if (f.is(Errno.EPERM) && type.equals("sysfs")) {
                return hostsSysfs(context);
            }
            throw f;
        }
    }

    /**
     * A sysfs shows a network namespace, and belongs to the user namespace which that belongs to:
     * others can only be shown the host's, as by crun. Read-only throughout, for cgroups lie below
     * it (CVE-2023-25809).
     */
    private Fd hostsSysfs(SetupContext context) {
        Kernel init = context.init();
        Fd tree = init.mounts().cloneTree(init.files().here(), SYSFS, true, true);
        Set<MountAttr> all = attributes();
        all.add(MountAttr.RDONLY);
        init.mounts().setAttributes(tree, true, all, Set.of()).submit();
        return tree;
    }

    private Fd mounted(SetupContext context) {
        Mounts mounts = context.init().mounts();
        try (Fd fileSystem = mounts.openFileSystem(type)) {
            configure(context, fileSystem);
            return mounts.mount(fileSystem, attributes());
        }
    }

    private Fd mountedInTheOldWay(SetupContext context) {
        Kernel init = context.init();
        List<String> data = new ArrayList<>();
        if (type.equals("tmpfs")) {
            modeOfCovered(context).ifPresent(mode -> data.add("mode=" + mode));
        }
        data.addAll(options.data());
        try (Fd target =
                context.mountsLive()
                        ? init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)
                        : new RootedPaths(context.root())
                                .place(destination, true, RootedPaths.Links.FOLLOW)
                                .fd()) {
            Fd mount = LongOptions.mounted(init, target, this, data);
            init.mounts().setAttributes(mount, false, attributes(), Set.of()).submit();
            return mount;
        }
    }

    private Set<MountAttr> attributes() {
        Set<MountAttr> attributes = EnumSet.noneOf(MountAttr.class);
        attributes.addAll(options.set());
        if (isLateReadOnly()) {
            attributes.remove(MountAttr.RDONLY);
        }
        return attributes;
    }

    /** Into the mount while no other process can reach it. */
    private void copyUp(SetupContext context, Fd mount) {
        Kernel place = context.root().kernel();
        Files files = place.files();
        try (Fd covered = new RootedPaths(context.root()).find(destination)) {
            if (!covered.isOpen()) {
                return;
            }
            context.cgroups().chargeMemory(place);
            // A device that takes the place of a file cannot be opened in a mount with nodev.
            try (Fd tree = place.mounts().cloneTree(covered, "", true, true)) {
                Set<MountAttr> noDevices = Set.of(MountAttr.NODEV);
                place.mounts().setAttributes(tree, true, noDevices, Set.of()).submit();
                try (Fd from = files.openAt(tree, ".", OpenFlag.DIRECTORY);
                        Fd to = files.openAt(mount, ".", OpenFlag.DIRECTORY)) {
                    boolean owner =
                            FileSystemOptions.has(options, "uid")
                                    || FileSystemOptions.has(options, "gid");
                    CopyTree.copy(from, to, !owner);
                }
            }
        }
    }

    /** Before the mount is attached: then nothing else can be there in its place. */
    private static void label(Kernel init, Fd mount, String context) {
        try (Fd directory = init.files().openAt(mount, ".", OpenFlag.DIRECTORY)) {
            init.copies().setSelinuxContext(directory, context).submit();
        } catch (Failure f) {
            throw f.during("linux.mountLabel");
        }
    }

    /** CVE-2019-19921, CVE-2023-28642: an image where /proc is a link escapes masks and labels. */
    private void attach(SetupContext context, Fd mount) {
        try {
            Attach.inOrder(context, mount, destination, true, type.equals("proc"), links());
        } catch (Failure f) {
            if (links() == RootedPaths.Links.REFUSE && f.is(Errno.ELOOP)) {
                throw Failure.of(
                        Failure.Code.MOUNT_TARGET,
                        "filesystem \""
                                + type
                                + "\" must be mounted on ordinary directory, but "
                                + destination
                                + " is a symbolic link in the image");
            }
            throw f;
        }
    }

    private RootedPaths.Links links() {
        return type.equals("proc") || type.equals("sysfs")
                ? RootedPaths.Links.REFUSE
                : RootedPaths.Links.FOLLOW;
    }

    /**
     * Returns whether the mount can only become read-only when devices and mount points are in it.
     */
    boolean isLateReadOnly() {
        return options.readOnly() && (type.equals("tmpfs") || destination.equals("/dev"));
    }

    private void configure(SetupContext context, Fd fileSystem) {
        Mounts mounts = context.init().mounts();
        try {
            // A tmpfs looks like the directory that it covers; an option "mode=" comes later.
            Optional<String> mode =
                    type.equals("tmpfs") ? modeOfCovered(context) : Optional.empty();
            submitConfiguration(mounts, fileSystem, mode);
            context.init().flush();
        } catch (Failure f) {
            throw FileSystemOptions.explained(mounts, fileSystem, f);
        }
    }

    private void submitConfiguration(Mounts mounts, Fd fileSystem, Optional<String> mode) {
        if (!source.isEmpty()) {
            mounts.configure(fileSystem, "source", source);
        }
        if (options.readOnly() && !isLateReadOnly()) {
            mounts.configure(fileSystem, "ro");
        }
        FileSystemOptions.setFlags(mounts, fileSystem, options);
        mode.ifPresent(bits -> mounts.configure(fileSystem, "mode", bits));
        FileSystemOptions.setData(mounts, fileSystem, options);
        mounts.create(fileSystem);
    }

    private Optional<String> modeOfCovered(SetupContext context) {
        try (RootedPaths.Place covered = new RootedPaths(context.root()).look(destination)) {
            return covered.fd().isOpen()
                    ? Optional.of(Integer.toOctalString(covered.statResult().stat().permissions()))
                    : Optional.empty();
        }
    }
}
