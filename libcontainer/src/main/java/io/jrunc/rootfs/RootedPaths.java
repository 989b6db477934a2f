// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import io.jrunc.linux.StatResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Paths inside a root file system whose every symbolic link may be hostile. A path is resolved
 * once, into a descriptor, as a process with that root would resolve it.
 */
public final class RootedPaths {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final int MAX_LINKS = 40;

    private static final Errno[] NOT_THERE = {
        Errno.ENOENT, Errno.ENOTDIR, Errno.EAGAIN, Errno.ELOOP
    };

    private final Files files;
    private final Fd root;

    /** Paths inside {@code root}, in the process that it is open in. */
    public RootedPaths(Fd root) {
        this.files = root.kernel().files();
        this.root = root;
    }

    /** Which symbolic links on a path are followed. */
    enum Links {
        /** All of them, inside the root. */
        FOLLOW,
        /** All but the last component, which is taken for what it is. */
        KEEP_LAST,
        /** None: a path with links in it is refused with ELOOP. */
        REFUSE
    }

    /**
     * Returns what is at {@code path}, as a handle; {@link Fd#isOpen} is false if there is nothing.
     */
    public Fd find(String path) {
        return settled(ask(path, Links.FOLLOW), path, Links.FOLLOW);
    }

    /** As {@link #find}, but refuses a path with symbolic links in it. */
    public Fd findWithoutLinks(String path) {
        return settled(ask(path, Links.REFUSE), path, Links.REFUSE);
    }

    /** As {@link #find}, with the results of statx, for all paths in one batch. */
    List<Place> lookAll(List<String> paths) {
        List<Place> asked = new ArrayList<>();
        for (String path : paths) {
            Fd fd = ask(path, Links.FOLLOW);
            asked.add(new Place(fd, files.statResult(fd)));
        }
        List<Place> found = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Fd fd = settled(asked.get(i).fd, paths.get(i), Links.FOLLOW);
            boolean same = fd == asked.get(i).fd;
            found.add(same ? asked.get(i) : new Place(fd, files.statResult(fd)));
        }
        return found;
    }

    /** As {@link #lookAll}, for one path. */
    Place look(String path) {
        return lookAll(List.of(path)).get(0);
    }

    /** Returns what is at {@code path}, links followed; every error is an answer. */
    Fd askAnything(String path) {
        return files.openInRootIfPossible(root, path, EnumSet.of(OpenFlag.PATH));
    }

    /**
     * Returns what is at {@code path}; if there is nothing, calls that need it are skipped. For an
     * attempt, as {@link #askForDirectory}.
     */
    Fd askIfThere(String path) {
        return files.openInRoot(root, path, EnumSet.of(OpenFlag.PATH), Errno.ENOENT, Errno.ENOTDIR);
    }

    /**
     * Returns the directory at {@code path}, created if it is missing in its parent. For an
     * attempt: it fails where {@link #place} may find a way, or knows what is wrong.
     */
    Fd askForDirectory(String path, Links links) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        if (!name.isEmpty() && !path.contains("..")) {
            boolean top = slash <= 0;
            Fd parent = top ? root : askFor(path.substring(0, slash), true, upTo(links), true);
            files.directories().mkdir(parent, name, DIRECTORY_MODE).tolerateAll().submit();
            if (!top) {
                parent.close();
            }
        }
        return askFor(path, true, links, false);
    }

    /** Links count on the whole way to the last component. */
    private static Links upTo(Links links) {
        return links == Links.REFUSE ? Links.REFUSE : Links.FOLLOW;
    }

    /** Returns what is at {@code path}. For an attempt, as {@link #askForDirectory}. */
    Fd askFor(String path, Links links) {
        return askFor(path, false, links, false);
    }

    private Fd askFor(String path, boolean directory, Links links, boolean tolerant) {
        Set<OpenFlag> flags = EnumSet.of(OpenFlag.PATH);
        if (directory) {
            flags.add(OpenFlag.DIRECTORY);
        }
        if (links == Links.KEEP_LAST) {
            flags.add(OpenFlag.NOFOLLOW);
        }
        Set<ResolveFlag> how = EnumSet.of(ResolveFlag.IN_ROOT);
        if (links == Links.REFUSE) {
            how.add(ResolveFlag.NO_SYMLINKS);
        }
        return tolerant
                ? files.resolve(root, path, flags, how, NOT_THERE)
                : files.resolve(root, path, flags, how);
    }

    private Fd ask(String path, Links links) {
        return askFor(path, false, links, true);
    }

    /**
     * Returns the answer. A process that renames files without end can keep the kernel from ever
     * following "..", however often it is tried again: then the path is walked here.
     */
    private Fd settled(Fd asked, String path, Links links) {
        if (asked.failedWith(Errno.EAGAIN)) {
            return walk(path, false, false, links);
        }
        if (asked.failedWith(Errno.ELOOP)) {
            throw tooManyLinks(path, links);
        }
        return asked;
    }

    private static Failure tooManyLinks(String path, Links links) {
        String hint =
                links == Links.REFUSE
                        ? "a symbolic link is not followed here"
                        : "symbolic links in a circle, or one of /proc that leads elsewhere";
        return Failure.syscall("open", path, Errno.ELOOP, hint);
    }

    /** Returns the directory at {@code path}, created with its parents if it is missing. */
    Fd directory(String path) {
        return findOrCreate(path, true);
    }

    /** Returns the file at {@code path}, created empty, with its parents, if it is missing. */
    Fd file(String path) {
        return findOrCreate(path, false);
    }

    /**
     * A place inside the root, and what is there.
     *
     * @param statResult answers without a round trip of its own if the place was there already
     */
    record Place(Fd fd, StatResult statResult) implements AutoCloseable {
        @Override
        public void close() {
            fd.close();
        }
    }

    /** As {@link #directory} or {@link #file}, and the result of statx for what is found. */
    Place place(String path, boolean directory, Links links) {
        Fd asked = ask(path, links);
        StatResult statResult = files.statResult(asked); // in the same batch
        Fd found = settled(asked, path, links);
        if (found.isOpen()) {
            return new Place(found, found == asked ? statResult : files.statResult(found));
        }
        Fd created = walk(path, true, directory, links);
        return new Place(created, files.statResult(created));
    }

    private Fd findOrCreate(String path, boolean directory) {
        Fd found = find(path);
        return found.isOpen() ? found : walk(path, true, directory, Links.FOLLOW);
    }

    /**
     * Walks component by component and never has the kernel follow a link. A dangling link is
     * followed inside the root and its target created, as runc does; openat2(2) would say ENOENT.
     *
     * @param make whether what is missing is created; else the result is not open
     */
    private Fd walk(String path, boolean make, boolean directory, Links follow) {
        Deque<String> rest = new ArrayDeque<>(components(path));
        Deque<Fd> trail = new ArrayDeque<>();
        trail.push(root);
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            Fd at = trail.peek();
            if (name.equals("..")) {
                if (trail.size() > 1) {
                    trail.pop().close();
                }
                continue;
            }
            Fd next = next(at, name, make);
            if (!next.isOpen() && !make) {
                closeAll(trail, root);
                return next;
            }
            if (!next.isOpen()) {
                trail.push(make(at, name, directory || !rest.isEmpty()));
            } else if (files.stat(next).isSymlink()
                    && !(follow == Links.KEEP_LAST && rest.isEmpty())) {
                if (++links > MAX_LINKS || follow == Links.REFUSE) {
                    throw tooManyLinks(path, follow);
                }
                String target = files.directories().readLink(next, "");
                next.close();
                if (target.startsWith("/")) {
                    closeAll(trail, root);
                    trail.push(root);
                }
                List<String> more = components(target);
                for (int i = more.size() - 1; i >= 0; i--) {
                    rest.push(more.get(i));
                }
            } else {
                trail.push(next);
            }
        }
        Fd result = trail.pop();
        closeAll(trail, root);
        return result == root ? files.descriptors().duplicate(root) : result;
    }

    private Fd next(Fd at, String name, boolean make) {
        Set<OpenFlag> flags = EnumSet.of(OpenFlag.PATH, OpenFlag.NOFOLLOW);
        Set<ResolveFlag> below = EnumSet.of(ResolveFlag.BENEATH);
        return make
                ? files.openIfExists(at, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)
                : files.resolve(at, name, flags, below, Errno.ENOENT, Errno.ENOTDIR);
    }

    private Fd make(Fd at, String name, boolean directory) {
        if (directory) {
            files.directories().mkdir(at, name, DIRECTORY_MODE).tolerate(Errno.EEXIST).submit();
            return files.openAt(at, name, OpenFlag.PATH, OpenFlag.NOFOLLOW, OpenFlag.DIRECTORY);
        }
        files.create(at, name, FILE_MODE, OpenFlag.NOFOLLOW).close();
        return files.openAt(at, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
    }

    private static void closeAll(Deque<Fd> trail, Fd except) {
        while (!trail.isEmpty()) {
            Fd fd = trail.pop();
            if (fd != except) {
                fd.close();
            }
        }
    }

    static List<String> components(String path) {
        List<String> components = new ArrayList<>();
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String name = path.substring(start, end);
            if (!name.isEmpty() && !name.equals(".")) {
                components.add(name);
            }
            start = end + 1;
        }
        return components;
    }

    /** Returns the directory that holds {@code path}, created if it is missing. */
    public Fd parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? directory(".") : directory(path.substring(0, slash));
    }

    /** Returns the last component of {@code path}. */
    public static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
