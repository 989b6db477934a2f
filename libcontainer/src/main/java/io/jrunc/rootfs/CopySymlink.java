// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;

/** A source that is a symbolic link is recreated in the container. Source: crun(1). */
final class CopySymlink {
    private CopySymlink() {}

    /**
     * Makes at {@code destination} the same link as {@code source}. Returns whether the source is
     * one at all; otherwise it is to be mounted.
     */
    static boolean made(SetupContext context, String source, String destination, String field) {
        Files files = context.init().files();
        try (Fd link = files.openIfReadable(source, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
            if (!link.isOpen() || !files.stat(link).isSymlink()) {
                return false; // mounting reports what is wrong with it
            }
            String target = context.init().directories().readLink(link, "");
            String name = RootedPaths.baseName(destination);
            try (Fd parent = new RootedPaths(context.root()).parent(destination)) {
                Call made =
                        parent.kernel()
                                .directories()
                                .symlink(target, parent, name)
                                .tolerate(Errno.EEXIST)
                                .submit();
                if (made.failedWith(Errno.EEXIST)) {
                    requireSame(parent.kernel().files(), parent, name, target, field, destination);
                }
            }
            return true;
        }
    }

    private static void requireSame(
            Files files, Fd parent, String name, String target, String field, String destination) {
        boolean same =
                files.statAt(parent, name).isSymlink()
                        && files.directories().readLink(parent, name).equals(target);
        if (!same) {
            throw Failure.invalid(
                    field + ".destination",
                    "\"" + destination + "\" exists and is no link to \"" + target + "\"",
                    "remove it from the image, or leave out copy-symlink");
        }
    }
}
