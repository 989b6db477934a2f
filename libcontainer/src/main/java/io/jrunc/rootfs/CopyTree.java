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
 * and no link is followed, for the image may be hostile.
 */
final class CopyTree {
    private static final int PERMISSIONS_WHILE_COPYING = 0700;
    private static final long CHUNK = 1L << 30;

    private final Files files;
    private final Copies copies;
    private final String top;

    /** Where files with several names are already, by file system and inode. */
    private final Map<List<Long>, Copied> named = new HashMap<>();

    /** A file in a directory that stays open until all is copied. */
    private record Copied(Fd directory, String name) {}

    private CopyTree(Files files, Copies copies, String top) {
        this.files = files;
        this.copies = copies;
        this.top = top;
    }

    /**
     * Copies everything in {@code from} to {@code to}, both open in one process.
     *
     * @param own whether {@code to} itself gets the owner of {@code from} as well
     */
    static void copy(Fd from, Fd to, boolean own) {
        CopyTree tree = new CopyTree(from.kernel().files(), from.kernel().copies(), from.name());
        try {
            tree.directory(from, to);
            if (own) {
                Stat stat = tree.files.stat(from);
                own(tree.copies.own(to, "", stat.uid(), stat.gid()));
            }
            from.kernel().flush();
        } catch (Failure f) {
            throw f.during("copy " + tree.top);
        } finally {
            for (Copied file : tree.named.values()) {
                file.directory.close();
            }
        }
    }

    private void directory(Fd from, Fd to) {
        Map<String, Files.Asked> asked = new LinkedHashMap<>();
        for (String name : files.list(from)) {
            asked.put(name, files.ask(from, name)); // answered in one batch
        }
        for (Map.Entry<String, Files.Asked> entry : asked.entrySet()) {
            copy(from, to, entry.getKey(), entry.getValue().stat());
        }
    }

    private void copy(Fd from, Fd to, String name, Stat stat) {
        boolean several = stat.links() > 1 && !stat.isDirectory();
        List<Long> identity = List.of(stat.fileSystem(), stat.inode());
        Copied before = several ? named.get(identity) : null;
        if (before != null) {
            copies.link(before.directory, before.name, to, name);
            return;
        }
        if (stat.isDirectory()) {
            subdirectory(from, to, name);
        } else if (stat.isRegularFile()) {
            regularFile(from, to, name);
        } else {
            special(from, to, name, stat);
        }
        if (several) {
            named.put(identity, new Copied(files.duplicate(to), name));
        }
    }

    private void subdirectory(Fd from, Fd to, String name) {
        files.mkdir(to, name, PERMISSIONS_WHILE_COPYING).submit();
        try (Fd source = open(from, name, OpenFlag.DIRECTORY);
                Fd target = open(to, name, OpenFlag.DIRECTORY)) {
            directory(source, target);
            finish(source, target, files.stat(source));
        }
    }

    private void regularFile(Fd from, Fd to, String name) {
        // Should it have become a pipe or a terminal meanwhile: neither waits, nor is it taken on.
        try (Fd source = open(from, name, OpenFlag.NONBLOCK, OpenFlag.NOCTTY)) {
            Stat stat = files.stat(source);
            if (!stat.isRegularFile()) {
                throw Failure.of("copy", source.name() + ": is being replaced while it is copied");
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
            files.symlink(files.readLink(from, name), to, name).submit();
        } else {
            files.mknod(to, name, stat.mode(), stat.deviceMajor(), stat.deviceMinor())
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

    /** Who is nobody in a user namespace cannot own anything there: then its root does. */
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
