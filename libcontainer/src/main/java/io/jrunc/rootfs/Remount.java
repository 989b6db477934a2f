// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Changes the flags of an earlier mount at {@code destination}: of the mount and, without {@code
 * bind}, of the file system as well. Flags that are not named stay; runc clears them, because
 * mount(2) replaces all flags.
 */
record Remount(int index, String destination, MountOptions options) implements Step {
    @Override
    public String title() {
        return "change the mount at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public void apply(SetupContext context) {
        Mounts mounts = context.init().mounts();
        try (Fd mount = new RootedPaths(context.root()).find(destination)) {
            if (!mount.isOpen() || !context.init().files().stat(mount).mountRoot()) {
                throw Failure.invalid(
                        field() + ".options",
                        "\"remount\" changes a mount, but nothing is mounted at \""
                                + destination
                                + "\"",
                        "leave it out, or list the mount further up");
            }
            if (!options.bind()) {
                reconfigure(mounts, mount);
            }
            Attach.attributes(mounts, mount, options);
            Attach.finish(mounts, mount, options);
        }
    }

    private void reconfigure(Mounts mounts, Fd mount) {
        boolean writable = options.clear().contains(MountAttr.RDONLY);
        boolean asked = options.readOnly() || writable || !options.fileSystemFlags().isEmpty();
        if (!asked && options.data().isEmpty()) {
            return;
        }
        try (Fd fileSystem = mounts.pick(mount)) {
            try {
                if (options.readOnly() || writable) {
                    mounts.configure(fileSystem, writable ? "rw" : "ro");
                }
                FileSystemOptions.setFlags(mounts, fileSystem, options);
                FileSystemOptions.setData(mounts, fileSystem, options);
                mounts.reconfigure(fileSystem);
                mount.kernel().flush();
            } catch (Failure f) {
                if (f.is(Errno.EPERM)) {
                    throw f.during(
                            "the file system is not the container's; add bind to change only how"
                                    + " it is mounted");
                }
                throw FileSystemOptions.explained(mounts, fileSystem, f);
            }
        }
    }
}
