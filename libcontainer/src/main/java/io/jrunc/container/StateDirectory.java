package io.jrunc.container;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;

/**
 * The directory of one container: {@code <root>/<id>/}, mode 0700. To create it is to claim the id;
 * a lock on it keeps concurrent invocations on one container apart.
 */
final class StateDirectory implements AutoCloseable {
    static final String STATE = "state.json";
    static final String CONFIG = "config.json";
    static final String RESOURCES = "resources.json";
    static final String START = "start.batch";
    static final String CONTROL = "control.sock";

    /** How many mounts were at the root file system before, if those of the container are ours. */
    static final String MOUNTS = "mounts";

    /** All files that may be in it, the one that makes it a container last. */
    static final String[] FILES = {
        START, CONTROL, MOUNTS, CONFIG, RESOURCES + ".new", RESOURCES, STATE + ".new", STATE
    };

    private static final int DIRECTORY_MODE = 0700;

    /** Sticky: then who tidies up $XDG_RUNTIME_DIR leaves it alone. XDG base directories. */
    private static final int ROOT_MODE = 01700;

    /** Of all that is in it: only its owner drives init on, or reads what it is told. */
    static final int FILE_MODE = 0600;

    private static final int OTHERS_WRITE = 0002;
    private static final String OWN_ROOT =
            "set XDG_RUNTIME_DIR to a directory of the caller's own, or use --root";

    private final Files files;
    private final Fd root;
    private final String id;
    private final Fd directory;
    private Fd handle;

    private StateDirectory(Files files, Fd root, String id, Fd directory) {
        this.files = files;
        this.root = root;
        this.id = id;
        this.directory = directory;
    }

    /** Claims {@code id}; its directory, and that of all containers, is created. */
    static StateDirectory claim(Kernel kernel, String rootPath, String id) {
        Files files = kernel.files();
        makeAll(files, rootPath);
        Fd root = files.open(rootPath, OpenFlag.DIRECTORY, OpenFlag.PATH);
        try {
            requireTrusted(files.stat(root), rootPath);
            var made =
                    files.mkdir(root, id, DIRECTORY_MODE)
                            .tolerate(Errno.EEXIST)
                            .hint(Errno.EACCES, OWN_ROOT)
                            .submit();
            boolean isOurs = made.error() == null;
            try {
                return take(files, root, id, isOurs);
            } catch (RuntimeException f) {
                if (isOurs) {
                    files.rmdir(root, id).tolerateAll().submit();
                }
                throw f;
            }
        } catch (RuntimeException f) {
            root.close();
            throw f;
        }
    }

    /** Whoever can rename what is in there could have one container taken for another. */
    private static void requireTrusted(Stat root, String path) {
        boolean others = (root.permissions() & OTHERS_WRITE) != 0;
        if (others || (root.uid() != 0 && root.uid() != Host.effectiveUid())) {
            String problem = others ? "others can write to it" : "it belongs to uid " + root.uid();
            throw Failure.of(
                    "untrusted-root",
                    "state directory " + path + ": " + problem + "; " + OWN_ROOT,
                    path,
                    null,
                    "");
        }
    }

    private static StateDirectory take(Files files, Fd root, String id, boolean isOurs) {
        Fd fd = files.openIfExists(root, id, OpenFlag.DIRECTORY);
        try {
            StateDirectory directory = new StateDirectory(files, root, id, fd);
            if (isOurs) {
                directory.lock();
            }
            // An empty one without a lock was left by a create that was killed at once: take it.
            boolean free = fd.isOpen() && (isOurs || files.tryLock(fd));
            if (free && !directory.has(STATE)) {
                return directory;
            }
            throw Failure.of(
                    "exists",
                    "container with given ID already exists: " + id,
                    id,
                    Errno.EEXIST,
                    "delete it or choose another id");
        } catch (RuntimeException f) {
            fd.close();
            throw f;
        }
    }

    /** Opens the directory of an existing container; null if there is none. */
    static StateDirectory open(Kernel kernel, String rootPath, String id) {
        Files files = kernel.files();
        Fd root = files.openIfExists(files.here(), rootPath, OpenFlag.DIRECTORY, OpenFlag.PATH);
        if (!root.isOpen()) {
            return null;
        }
        try {
            Fd directory = files.openIfExists(root, id, OpenFlag.DIRECTORY);
            if (directory.isOpen()) {
                return new StateDirectory(files, root, id, directory);
            }
        } catch (RuntimeException f) {
            root.close();
            throw f;
        }
        root.close();
        return null;
    }

    private static void makeAll(Files files, String path) {
        int slash = 0;
        do {
            slash = path.indexOf('/', slash + 1);
            String part = slash < 0 ? path : path.substring(0, slash);
            if (!files.exists(part)) {
                int mode = slash < 0 ? ROOT_MODE : DIRECTORY_MODE;
                files.mkdir(files.here(), part, mode)
                        .tolerate(Errno.EEXIST)
                        .hint(Errno.EACCES, OWN_ROOT)
                        .submit();
            }
        } while (slash >= 0);
    }

    /** Waits until no other invocation works on this container; until this one ends. */
    void lock() {
        files.lock(directory);
    }

    /** Whether another invocation is working on this container. */
    boolean isBusy() {
        return !files.isUnlocked(directory);
    }

    /** The file's content; null if there is none. */
    byte[] read(String name) {
        try (Fd file = files.openIfExists(directory, name, OpenFlag.RDONLY)) {
            return file.isOpen() ? files.readAll(file) : null;
        }
    }

    /** Writes the file; it is there in whole or not at all. */
    void write(String name, byte[] content) {
        String draft = name.equals(STATE) ? name + ".new" : name;
        try (Fd file =
                files.openOrCreate(directory, draft, FILE_MODE, OpenFlag.WRONLY, OpenFlag.TRUNC)) {
            files.writeAll(file, content);
        }
        if (!draft.equals(name)) {
            files.rename(directory, draft, name);
        }
    }

    /** Whether the file is there. */
    boolean has(String name) {
        try (Fd file = files.openIfExists(directory, name, OpenFlag.PATH)) {
            return file.isOpen();
        }
    }

    /** Removes the file, if it is there. */
    void remove(String name) {
        files.unlink(directory, name).tolerate(Errno.ENOENT).submit();
    }

    /** Makes a directory in it. */
    void makeDirectory(String name, int mode) {
        files.mkdir(directory, name, mode).submit();
        files.chmodAt(directory, name, mode); // whatever the umask
    }

    /** Sets the permissions of a file in it. */
    void allow(String name, int mode) {
        files.chmodAt(directory, name, mode);
    }

    /** A path to the file that is short enough for a socket's name, in this process. */
    String socketPath(String name) {
        return "/proc/self/fd/" + directory.number() + "/" + name;
    }

    /**
     * Has {@code kernel} remove the directory. If it is another process that does, it may keep the
     * descriptor for as long as the container runs, so it gets one that the lock is not on.
     */
    void submitRemoval(Kernel kernel) {
        if (handle == null) {
            handle = files.openAt(directory, ".", OpenFlag.DIRECTORY, OpenFlag.PATH);
        }
        for (String name : FILES) {
            kernel.files().unlink(handle, name).tolerate(Errno.ENOENT).submit();
        }
        kernel.files().unlink(handle, ReadinessSocket.NAME).tolerate(Errno.ENOENT).submit();
        kernel.files().rmdir(handle, ReadinessSocket.DIRECTORY).tolerate(Errno.ENOENT).submit();
        kernel.files().rmdir(root, id).tolerate(Errno.ENOENT).submit();
    }

    /** When the directory was made and by whom. */
    int owner() {
        return files.stat(directory).uid();
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
        directory.close();
        root.close();
    }
}
