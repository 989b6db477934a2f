// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * A cgroup and all below it. A container may make cgroups of its own, as many as it likes and
 * deeper than a path can be long, so they are walked by descriptors and without recursion. A cgroup
 * never gets another parent, so ".." leads back.
 */
final class CgroupTree {
    private static final int MAX_TRIES = 100;

    private final Files files;
    private final String directory;

    /** The cgroup at {@code directory}, which need not exist. */
    CgroupTree(Kernel kernel, String directory) {
        this.files = kernel.files();
        this.directory = directory;
    }

    /** A cgroup that is being walked: what it is called, and which of its children are to come. */
    private record Level(String name, String shown, Deque<String> children) {}

    /** Takes notice of a cgroup that was left for its parent. */
    interface Left {
        void left(Fd parent, String name);
    }

    /**
     * Visits all cgroups, each after those below it, until {@code enough} is true for one. Cgroups
     * that are removed meanwhile are skipped.
     */
    void leavesFirst(Predicate<Fd> enough) {
        walk(enough, (parent, name) -> {});
    }

    /** Removes all cgroups below that hold no process. */
    void removeBelow() {
        walk(
                cgroup -> false,
                (parent, name) ->
                        files.directories()
                                .rmdir(parent, name)
                                .tolerate(Errno.EBUSY, Errno.ENOENT, Errno.ENOTDIR)
                                .submit());
    }

    /** Returns whether there are cgroups below. */
    boolean isNested() {
        try (Fd top = files.openIfReadable(directory, OpenFlag.DIRECTORY)) {
            return top.isOpen() && !children(top).isEmpty();
        }
    }

    /** Begins anew if a cgroup is removed while it is looked at: nothing leads up from there. */
    private void walk(Predicate<Fd> enough, Left left) {
        for (int tries = 1; ; tries++) {
            try {
                walkOnce(enough, left);
                return;
            } catch (Failure f) {
                if (!f.is(Errno.ENOENT) || tries == MAX_TRIES) {
                    throw f;
                }
            }
        }
    }

    private void walkOnce(Predicate<Fd> enough, Left left) {
        Deque<Level> trail = new ArrayDeque<>();
        Fd at = files.openIfReadable(directory, OpenFlag.DIRECTORY);
        try {
            if (!at.isOpen()) {
                return;
            }
            trail.push(level("", directory, at));
            while (true) {
                String child = trail.peek().children.poll();
                if (child != null) {
                    Fd next = files.openIfExists(at, child, OpenFlag.DIRECTORY);
                    if (next.isOpen()) {
                        String shown = shown(trail.size(), child);
                        at.close();
                        at = next.renamed(shown);
                        trail.push(level(child, shown, at));
                    }
                    continue;
                }
                Level done = trail.pop();
                if (enough.test(at) || trail.isEmpty()) {
                    return;
                }
                Fd parent = files.openAt(at, "..", OpenFlag.DIRECTORY);
                at.close();
                at = parent.renamed(trail.peek().shown);
                left.left(at, done.name);
            }
        } finally {
            at.close();
        }
    }

    /** For messages; a whole path may be longer than any message. */
    private String shown(int depth, String name) {
        return directory + (depth > 1 ? "/…/" : "/") + name;
    }

    private Level level(String name, String shown, Fd cgroup) {
        return new Level(name, shown, children(cgroup));
    }

    /** None of a cgroup that was removed since it was opened: ENOENT. */
    private Deque<String> children(Fd cgroup) {
        try {
            return new ArrayDeque<>(cgroup.kernel().directories().listDirectories(cgroup));
        } catch (Failure f) {
            if (f.is(Errno.ENOENT)) {
                return new ArrayDeque<>();
            }
            throw f;
        }
    }

    /**
     * Returns the text of a file of {@code cgroup}; empty if the file, or by now the cgroup, is
     * gone.
     */
    static String read(Fd cgroup, String file) {
        Files files = cgroup.kernel().files();
        try (Fd open = files.openIfExists(cgroup, file, OpenFlag.RDONLY)) {
            return open.isOpen() ? files.readText(open).strip() : "";
        } catch (Failure f) {
            if (f.is(Errno.ENODEV)) {
                return ""; // removed since it was opened
            }
            throw f;
        }
    }

    /** Writes a file of {@code cgroup}, unless the file, or by now the cgroup, is gone. */
    static void write(Fd cgroup, String file, String value) {
        Files files = cgroup.kernel().files();
        try (Fd open = files.openIfExists(cgroup, file, OpenFlag.WRONLY)) {
            if (open.isOpen()) {
                files.write(open, value).result();
            }
        } catch (Failure f) {
            if (!f.is(Errno.ENODEV)) {
                throw f;
            }
        }
    }
}
