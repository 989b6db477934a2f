package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Look;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;

/**
 * Paths inside a root file system whose every symbolic link may be hostile. A path is resolved
 * once, into a descriptor, as a process with that root would resolve it.
 */
public final class Inside {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final int MAX_LINKS = 40;

    private final Files files;
    private final Fd root;

    /** Paths inside {@code root}, in the process that it is open in. */
    public Inside(Fd root) {
        this.files = root.kernel().files();
        this.root = root;
    }

    /** What is at {@code path}, as a handle; {@link Fd#isOpen} is false if there is nothing. */
    public Fd find(String path) {
        return files.openInRoot(root, path, EnumSet.of(OpenFlag.PATH), Errno.ENOENT, Errno.ENOTDIR);
    }

    /** The directory at {@code path}, created with its parents if it is missing. */
    public Fd directory(String path) {
        return findOrCreate(path, true);
    }

    /** The file at {@code path}, created empty, with its parents, if it is missing. */
    public Fd file(String path) {
        return findOrCreate(path, false);
    }

    /**
     * A place inside the root, and what is there.
     *
     * @param look answers without a round trip of its own if the place was there already
     */
    record Place(Fd fd, Look look) implements AutoCloseable {
        @Override
        public void close() {
            fd.close();
        }
    }

    /** As {@link #directory} or {@link #file}, with a look at what is found. */
    Place place(String path, boolean directory) {
        Fd found = find(path);
        Look look = files.look(found);
        if (found.isOpen()) {
            return new Place(found, look);
        }
        Fd created = create(path, directory);
        return new Place(created, files.look(created));
    }

    private Fd findOrCreate(String path, boolean directory) {
        Fd found = find(path);
        return found.isOpen() ? found : create(path, directory);
    }

    /**
     * Walks component by component and never follows a link by itself. A dangling link is followed
     * inside the root and its target created, as runc does; openat2(2) would say ENOENT.
     */
    private Fd create(String path, boolean directory) {
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
            Fd next = files.openIfExists(at, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
            if (!next.isOpen()) {
                trail.push(make(at, name, directory || !rest.isEmpty()));
            } else if (files.stat(next).isSymlink()) {
                if (++links > MAX_LINKS) {
                    throw Failure.syscall("open", path, Errno.ELOOP, "too many symbolic links");
                }
                String target = files.readLink(next, "");
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
        return result == root ? files.duplicate(root) : result;
    }

    private Fd make(Fd at, String name, boolean directory) {
        if (directory) {
            files.mkdir(at, name, DIRECTORY_MODE).tolerate(Errno.EEXIST).submit();
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

    private static List<String> components(String path) {
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

    /** The directory that holds {@code path}, created if it is missing. */
    public Fd parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? directory(".") : directory(path.substring(0, slash));
    }

    /** The last component of {@code path}. */
    public static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What {@code name} in {@code directory} is, links not followed; null if there is nothing. */
    public Stat look(Fd directory, String name) {
        try (Fd found = files.openIfExists(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
            return found.isOpen() ? files.stat(found) : null;
        }
    }
}
