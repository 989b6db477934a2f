// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.MountFlag;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a file system of which an option is longer than fsconfig(2) takes, such as the layers of an
 * overlay, by mount(2). That cannot make a detached mount, so it is made in a small file system of
 * its own, which is out of reach for others, and taken from there.
 */
final class LongOptions {
    private static final String PLACE = "place";
    private static final int MODE = 0700;

    private LongOptions() {}

    /** Returns whether there is an option, or a source, that fsconfig(2) does not take. */
    static boolean isNeeded(MountFileSystem mount) {
        boolean needed = isLong(mount.source());
        for (String option : mount.options().data()) {
            needed |= isLong(option.substring(option.indexOf('=') + 1));
        }
        return needed;
    }

    private static boolean isLong(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length > Mounts.MAX_VALUE_BYTES;
    }

    /**
     * Returns the file system of {@code mount}, detached.
     *
     * @param target a directory that the small file system covers meanwhile
     * @param data further options for it
     */
    static Fd mounted(Kernel init, Fd target, MountFileSystem mount, List<String> data) {
        Files files = init.files();
        Mounts mounts = init.mounts();
        try (Fd tmpfs = mounts.openFileSystem("tmpfs")) {
            mounts.create(tmpfs);
            try (Fd scratch = mounts.mount(tmpfs, EnumSet.noneOf(MountAttr.class));
                    Fd before = files.openAt(files.here(), ".", OpenFlag.PATH)) {
                mounts.attach(scratch, target);
                files.fchdir(scratch);
                init.directories().mkdir(files.here(), PLACE, MODE).submit();
                try {
                    Set<MountFlag> flags = flags(mount);
                    String all = String.join(",", data);
                    mounts.mount(mount.source(), PLACE, mount.type(), flags, all);
                    init.flush();
                    Fd tree = mounts.cloneTree(files.here(), PLACE, false, false);
                    mounts.detach(PLACE);
                    init.flush();
                    return tree;
                } finally {
                    files.fchdir(scratch);
                    mounts.detach(".");
                    files.fchdir(before);
                    init.flush();
                }
            }
        }
    }

    /** Of the file system; those of the mount are set later, when it is detached. */
    private static Set<MountFlag> flags(MountFileSystem mount) {
        Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
        if (mount.options().readOnly() && !mount.isLateReadOnly()) {
            flags.add(MountFlag.RDONLY);
        }
        for (String flag : mount.options().fileSystemFlags()) {
            switch (flag) {
                case "sync" -> flags.add(MountFlag.SYNCHRONOUS);
                case "dirsync" -> flags.add(MountFlag.DIRSYNC);
                case "lazytime" -> flags.add(MountFlag.LAZYTIME);
                case "mand" -> flags.add(MountFlag.MANDLOCK);
                case "iversion" -> flags.add(MountFlag.I_VERSION);
                default -> {}
            }
        }
        return flags;
    }
}
