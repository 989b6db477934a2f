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

/**
 * The directory that holds the state directories of all containers.
 *
 * @param path absolute; created when the first container is
 * @param notices receives a line when an operation waits for another one
 */
public record StateRoot(Kernel kernel, String path, Consumer<String> notices) {
    private static final int DIRECTORY_MODE = 0700;
    private static final int ATTEMPTS = 20;

    /** Claims {@code id}: creates its directory, and locks it. */
    public StateDirectory claim(String id) {
        Files files = kernel.files();
        Fd root = TrustedDirectory.openOrMake(files, path);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<StateDirectory> directory = tryClaim(root, id);
                if (directory.isPresent()) {
                    return directory.get();
                }
            }
            throw Failure.of(
                    Failure.Code.EXISTS,
                    "another command removes container " + id + "; create it again");
        } catch (RuntimeException f) {
            root.close();
            throw f;
        }
    }

    /** Returns empty if another command has removed the directory before it was locked. */
    private Optional<StateDirectory> tryClaim(Fd root, String id) {
        var made =
                kernel.directories()
                        .mkdir(root, id, DIRECTORY_MODE)
                        .tolerate(Errno.EEXIST)
                        .submit();
        boolean isOurs = made.error().isEmpty();
        try {
            return lock(root, id, isOurs);
        } catch (RuntimeException f) {
            if (isOurs) {
                kernel.directories().rmdir(root, id).tolerateAll().submit();
            }
            throw f;
        }
    }

    private Optional<StateDirectory> lock(Fd root, String id, boolean isOurs) {
        Files files = kernel.files();
        Fd directory = files.openIfExists(root, id, OpenFlag.DIRECTORY);
        if (!directory.isOpen()) {
            return Optional.empty();
        }
        StateDirectory claimed = new StateDirectory(files, root, id, directory, notices);
        try {
            // An empty one without a lock was left by a create that was killed at once: take it.
            if (isOurs) {
                claimed.claim();
            } else if (!claimed.tryClaim()) {
                throw exists(id);
            }
            // Only now: before the lock, a delete may have taken the directory for such a rest.
            if (!claimed.isInPlace()) {
                claimed.release();
                directory.close();
                return Optional.empty();
            }
            if (claimed.holdsState()) {
                throw exists(id);
            }
            return Optional.of(claimed);
        } catch (RuntimeException f) {
            claimed.release();
            directory.close();
            throw f;
        }
    }

    private static Failure exists(String id) {
        return Failure.of(
                Failure.Code.EXISTS,
                "container with given ID already exists: " + id,
                id,
                Errno.EEXIST,
                "delete it or choose another id");
    }

    /** Returns the same, its calls being made by {@code other}. */
    public StateRoot with(Kernel other) {
        return new StateRoot(other, path, notices);
    }

    /** Opens the directory of container {@code id}; empty if there is none. */
    public Optional<StateDirectory> open(String id) {
        Files files = kernel.files();
        Optional<Fd> found = TrustedDirectory.open(files, path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fd root = found.get();
        try {
            Fd directory = files.openIfExists(root, id, OpenFlag.DIRECTORY);
            if (directory.isOpen()) {
                return Optional.of(new StateDirectory(files, root, id, directory, notices));
            }
        } catch (RuntimeException f) {
            root.close();
            throw f;
        }
        root.close();
        return Optional.empty();
    }

    /** Opens it, for as many directories as are wanted; empty if it is missing. */
    public Optional<OpenStateRoot> open() {
        return TrustedDirectory.open(kernel.files(), path)
                .map(root -> new OpenStateRoot(kernel.files(), root, notices));
    }

    /** Returns whether it is there. */
    public boolean exists() {
        Optional<Fd> root = TrustedDirectory.open(kernel.files(), path);
        root.ifPresent(Fd::close);
        return root.isPresent();
    }
}
