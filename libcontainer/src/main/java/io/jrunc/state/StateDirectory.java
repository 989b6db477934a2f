// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one container: {@code <root>/<id>/}, mode 0700. To create it is to claim the id;
 * a lock on it keeps concurrent invocations on one container apart.
 */
public final class StateDirectory implements AutoCloseable {
    public static final String STATE = "state.json";
    public static final String STATE_COPY = "state.copy";
    public static final String CONFIG = "config.json";
    public static final String RESOURCES = "resources.json";
    public static final String START = "start.batch";
    public static final String CONTROL = "control.sock";

    /** The directory of the socket for readiness messages, and the socket. */
    public static final String NOTIFY_DIRECTORY = "notify";

    public static final String NOTIFY_SOCKET = NOTIFY_DIRECTORY + "/notify.sock";

    /** How many mounts were at the root file system before, if those of the container are ours. */
    public static final String MOUNTS = "mounts";

    /** The mounts that were added while the container ran, if there were any. */
    static final String LIVE_MOUNTS = "live-mounts.json";

    /** What a file's name ends in until all of it is written. */
    private static final String DRAFT = ".new";

    /** All files that may be in it, the one that makes it a container last. */
    static final String[] FILES = {
        START + DRAFT,
        START,
        CONTROL,
        MOUNTS + DRAFT,
        MOUNTS,
        LIVE_MOUNTS + DRAFT,
        LIVE_MOUNTS,
        CONFIG + DRAFT,
        CONFIG,
        RESOURCES + DRAFT,
        RESOURCES,
        STATE_COPY + DRAFT,
        STATE_COPY,
        STATE + DRAFT,
        STATE
    };

    /** The mode of its files: only the owner may continue init, or read the batch. */
    public static final int FILE_MODE = 0600;

    private final Files files;
    private final Fd root;
    private final String id;
    private final Fd directory;
    private final Consumer<String> notices;
    private final boolean ownsRoot;
    private Optional<OperationLock> claim = Optional.empty();
    private @Nullable Fd handle;

    /**
     * The directory {@code id} in {@code root}; both descriptors are closed with this.
     *
     * @param notices receives a line when an operation waits for another one
     */
    StateDirectory(Files files, Fd root, String id, Fd directory, Consumer<String> notices) {
        this(files, root, id, directory, notices, true);
    }

    private StateDirectory(
            Files files,
            Fd root,
            String id,
            Fd directory,
            Consumer<String> notices,
            boolean ownsRoot) {
        this.files = files;
        this.root = root;
        this.id = id;
        this.directory = directory;
        this.notices = notices;
        this.ownsRoot = ownsRoot;
    }

    /** As the constructor, but {@code root} is another's to close, later than this. */
    static StateDirectory inOpenRoot(
            Files files, Fd root, String id, Fd directory, Consumer<String> notices) {
        return new StateDirectory(files, root, id, directory, notices, false);
    }

    /** Waits until no other operation on this container goes on; none begins until it is closed. */
    public OperationLock lock() {
        return OperationLock.take(files, directory, id, notices);
    }

    /** Locks it until {@link #release}, or until it is closed. */
    public void claim() {
        claim = Optional.of(lock());
    }

    /** As {@link #claim}, but returns false if another operation goes on. */
    boolean tryClaim() {
        claim = OperationLock.tryTake(files, directory);
        return claim.isPresent();
    }

    /** Lets other operations begin. */
    public void release() {
        claim.ifPresent(OperationLock::close);
        claim = Optional.empty();
    }

    /** Returns whether an operation on this container goes on. */
    public boolean isBusy() {
        try (Fd own = files.openAt(directory, ".", OpenFlag.DIRECTORY)) {
            return !files.descriptors().isUnlocked(own);
        }
    }

    /**
     * Returns whether it is still what its id stands for: it may have been removed before it was
     * locked.
     */
    public boolean isInPlace() {
        try (Fd there = files.openIfExists(root, id, OpenFlag.PATH)) {
            return there.isOpen() && files.stat(there).isSameAs(files.stat(directory));
        }
    }

    /** Returns whether it is that of a container, in order or not. */
    public boolean holdsState() {
        return has(STATE) || has(STATE_COPY) || has(CONFIG);
    }

    /** Receives what is worth a line, but no failure. */
    public Consumer<String> notices() {
        return notices;
    }

    /** Returns the id that it stands for. */
    String id() {
        return id;
    }

    /** That one of its files is not what was written to it. */
    public static Failure damaged(String file, String id, Failure why) {
        return Failure.of(
                Failure.Code.DAMAGED,
                file
                        + " of container "
                        + id
                        + " is damaged: "
                        + why.getMessage()
                        + "; Containers.removeLost removes the container",
                why);
    }

    /** Returns the file's content; empty if there is no such file. */
    public Optional<byte[]> read(String name) {
        try (Fd file = files.openIfExists(directory, name, OpenFlag.RDONLY)) {
            return file.isOpen() ? Optional.of(files.readUncut(file)) : Optional.empty();
        }
    }

    /** Writes the file; it is there in whole or not at all. */
    public void write(String name, byte[] content) {
        String draft = name + DRAFT;
        try (Fd file =
                files.openOrCreate(directory, draft, FILE_MODE, OpenFlag.WRONLY, OpenFlag.TRUNC)) {
            files.writeAll(file, content);
        }
        files.directories().rename(directory, draft, name);
    }

    /** Returns whether the file is there. */
    public boolean has(String name) {
        try (Fd file = files.openIfExists(directory, name, OpenFlag.PATH)) {
            return file.isOpen();
        }
    }

    /** Removes the file, if it is there. */
    public void remove(String name) {
        files.directories().unlink(directory, name).tolerate(Errno.ENOENT).submit();
    }

    /** Makes a directory in it. */
    public void makeDirectory(String name, int mode) {
        files.directories().mkdir(directory, name, mode).submit();
        files.chmodAt(directory, name, mode); // whatever the umask
    }

    /** Sets the permissions of a file in it. */
    public void allow(String name, int mode) {
        files.chmodAt(directory, name, mode);
    }

    /** Returns a path to the file that is short enough for a socket's name, in this process. */
    public String socketPath(String name) {
        return "/proc/self/fd/" + directory.number() + "/" + name;
    }

    /**
     * Has {@code kernel} remove the directory. If it is another process that does, it may keep the
     * descriptor for as long as the container runs, so it gets one that the lock is not on.
     */
    public void submitRemoval(Kernel kernel) {
        Fd unlocked = handle;
        if (unlocked == null) {
            unlocked = files.openAt(directory, ".", OpenFlag.DIRECTORY, OpenFlag.PATH);
            handle = unlocked;
        }
        for (String name : FILES) {
            kernel.directories().unlink(unlocked, name).tolerate(Errno.ENOENT).submit();
        }
        kernel.directories().unlink(unlocked, NOTIFY_SOCKET).tolerate(Errno.ENOENT).submit();
        kernel.directories().rmdir(unlocked, NOTIFY_DIRECTORY).tolerate(Errno.ENOENT).submit();
        kernel.directories().rmdir(root, id).tolerate(Errno.ENOENT).submit();
    }

    /** Returns the uid that made the directory. */
    public int owner() {
        return files.stat(directory).uid();
    }

    @Override
    public void close() {
        release();
        if (handle != null) {
            handle.close();
        }
        directory.close();
        if (ownsRoot) {
            root.close();
        }
    }
}
