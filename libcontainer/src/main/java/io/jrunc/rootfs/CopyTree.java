// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Copies;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what a directory holds into another one: contents, owners, permissions, times, extended
 * attributes, links of both kinds, device nodes and pipes. All names are looked up one at a time
 * and no link is followed, for the image may be hostile; so memory, descriptors and recursion do
 * not grow with what it holds.
 */
final class CopyTree {
    private static final int PERMISSIONS_WHILE_COPYING = 0700;
    private static final long CHUNK = 1L << 30;

    /** Each level holds two descriptors, of the 1024 that a process usually may have. */
    private static final int MAX_DEPTH = 200;

    /** How much is remembered of files with several names; others become files of their own. */
    private static final int MAX_REMEMBERED = 4 << 20;

    private static final int ENTRY = 100;

    /** Of a path in bytes there may be four times as many as characters. */
    private static final int MAX_PATH = 1000;

    private final Files files;
    private final Copies copies;
    private final String top;

    private final Fd target;

    /** The paths below the target of files with several names, by file system and inode. */
    private final Map<List<Long>, String> named = new HashMap<>();

    private int remembered;

    private CopyTree(Files files, Copies copies, String top, Fd target) {
        this.files = files;
        this.copies = copies;
        this.top = top;
        this.target = target;
    }

    /**
     * Copies everything in {@code from} to {@code to}, both open in one process.
     *
     * @param from in a mount in which devices cannot be opened, should one take a file's place
     * @param to empty, and reachable for no other process
     * @param own whether {@code to} itself gets the owner of {@code from} as well
     */
    static void copy(Fd from, Fd to, boolean own) {
        CopyTree tree =
                new CopyTree(from.kernel().files(), from.kernel().copies(), from.name(), to);
        try {
            tree.directory(from, to, "", 0);
            if (own) {
                Stat stat = tree.files.stat(from);
                own(tree.copies.own(to, "", stat.uid(), stat.gid()));
            }
            from.kernel().flush();
        } catch (Failure f) {
            throw f.during("copy " + tree.top);
        }
    }

    /** Copies what is in {@code from}, some hundred names at a time. */
    private void directory(Fd from, Fd to, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw Failure.of(
                    Failure.Code.COPY,
                    "directories are nested deeper than "
                            + MAX_DEPTH
                            + " levels; leave out tmpcopyup, or mount the tmpfs further down");
        }
        List<String> names = files.directories().listSome(from);
        while (!names.isEmpty()) {
            Map<String, Files.Asked> asked = new LinkedHashMap<>();
            for (String name : names) {
                asked.put(name, files.ask(from, name)); // answered in one batch
            }
            for (Map.Entry<String, Files.Asked> entry : asked.entrySet()) {
                String name = entry.getKey();
                copy(from, to, name, path + name, depth, entry.getValue().stat());
            }
            names = files.directories().listSome(from);
        }
    }

    private void copy(Fd from, Fd to, String name, String path, int depth, Stat stat) {
        boolean several = stat.links() > 1 && !stat.isDirectory();
        List<Long> identity = List.of(stat.fileSystem(), stat.inode());
        String before = several ? named.get(identity) : null;
        if (before != null) {
            copies.link(target, before, to, name);
            return;
        }
        if (stat.isDirectory()) {
            subdirectory(from, to, name, path, depth);
        } else if (stat.isRegularFile()) {
            regularFile(from, to, name);
        } else {
            special(from, to, name, stat);
        }
        if (several && path.length() < MAX_PATH && remembered < MAX_REMEMBERED) {
            remembered += path.length() + ENTRY;
            named.put(identity, path);
        }
    }

    private void subdirectory(Fd from, Fd to, String name, String path, int depth) {
        files.directories().mkdir(to, name, PERMISSIONS_WHILE_COPYING).submit();
        try (Fd source = open(from, name, OpenFlag.DIRECTORY);
                Fd copy = open(to, name, OpenFlag.DIRECTORY)) {
            directory(source, copy, path + "/", depth + 1);
            finish(source, copy, files.stat(source));
        }
    }

    private void regularFile(Fd from, Fd to, String name) {
        // Should it have become a pipe or a terminal meanwhile: neither waits, nor is it taken on.
        try (Fd source = open(from, name, OpenFlag.NONBLOCK, OpenFlag.NOCTTY)) {
            Stat stat = files.stat(source);
            if (!stat.isRegularFile()) {
                throw Failure.of(
                        Failure.Code.COPY,
                        source.name() + ": is being replaced while it is copied");
            }
            try (Fd target = files.create(to, name, PERMISSIONS_WHILE_COPYING, OpenFlag.WRONLY)) {
                long copied = 0;
                while (copied < stat.size()) {
                    long count = send(source, target);
                    if (count == 0) {
                        break;
                    }
                    copied += count;
                }
                finish(source, target, stat);
            }
        }
    }

    private long send(Fd source, Fd target) {
        return copies.send(source, target, CHUNK)
                .hint(Errno.ENOSPC, "the tmpfs is too small for the copy; give it a larger size=")
                .submit()
                .result();
    }

    private void special(Fd from, Fd to, String name, Stat stat) {
        if (stat.isSymlink()) {
            files.directories()
                    .symlink(files.directories().readLink(from, name), to, name)
                    .submit();
        } else {
            files.directories()
                    .mknod(to, name, stat.mode(), stat.deviceMajor(), stat.deviceMinor())
                    .hint(Errno.EPERM, "a user namespace may not make devices")
                    .submit();
        }
        own(copies.own(to, name, stat.uid(), stat.gid()));
        if (!stat.isSymlink()) {
            files.chmodAt(to, name, stat.permissions()); // a file system of ours: no link is there
        }
        copies.touch(to, name, stat);
    }

    /** Owner before permissions, for chown(2) clears set-user-ID; times last. */
    private void finish(Fd source, Fd target, Stat stat) {
        own(copies.own(target, "", stat.uid(), stat.gid()));
        for (String attribute : copies.attributeNames(source)) {
            // Some belong to the file system that holds them: trusted.overlay.*, or a label.
            copies.copyAttribute(source, target, attribute)
                    .tolerate(Errno.EOPNOTSUPP, Errno.EPERM, Errno.EINVAL)
                    .submit();
        }
        copies.chmod(target, stat.permissions());
        copies.touch(target, "", stat);
    }

    /** An owner that is not mapped in the user namespace is replaced by its root. */
    private static void own(Call chown) {
        chown.tolerate(Errno.EINVAL).submit();
    }

    private Fd open(Fd directory, String name, OpenFlag... flags) {
        OpenFlag[] all = new OpenFlag[flags.length + 1];
        System.arraycopy(flags, 0, all, 0, flags.length);
        all[flags.length] = OpenFlag.NOFOLLOW;
        return files.openAt(directory, name, all);
    }
}
