// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps operations on one container apart, those of other processes and of other threads alike: an
 * flock(2) belongs to an open file description, and each lock has one of its own.
 */
public final class OperationLock implements AutoCloseable {
    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 50;
    private static final int SILENT_MILLIS = 1000;

    private final Files files;
    private final Fd description;

    private OperationLock(Files files, Fd description) {
        this.files = files;
        this.description = description;
    }

    /** Locks {@code directory}; empty if another operation has it. */
    static Optional<OperationLock> tryTake(Files files, Fd directory) {
        Fd description = files.openAt(directory, ".", OpenFlag.DIRECTORY);
        try {
            if (files.descriptors().tryLock(description)) {
                return Optional.of(new OperationLock(files, description));
            }
        } catch (RuntimeException f) {
            description.close();
            throw f;
        }
        description.close();
        return Optional.empty();
    }

    /**
     * Locks {@code directory} once no other operation has it; {@link Failure} if the thread is
     * interrupted before.
     *
     * @param notices receives a line if that takes more than a second
     */
    static OperationLock take(Files files, Fd directory, String id, Consumer<String> notices) {
        Fd description = files.openAt(directory, ".", OpenFlag.DIRECTORY);
        try {
            await(files, description, id, notices);
            return new OperationLock(files, description);
        } catch (RuntimeException f) {
            description.close();
            throw f;
        }
    }

    private static void await(Files files, Fd description, String id, Consumer<String> notices) {
        long waited = 0;
        long pause = FIRST_PAUSE_MILLIS;
        while (!files.descriptors().tryLock(description)) {
            Poll.pause(pause);
            if (Thread.currentThread().isInterrupted()) {
                throw Failure.of(
                        Failure.Code.INTERRUPTED,
                        "interrupted while another operation on container " + id + " went on");
            }
            if (waited < SILENT_MILLIS && waited + pause >= SILENT_MILLIS) {
                notices.accept(
                        "container " + id + ": waiting for the end of another operation on it");
            }
            waited += pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /** Unlocks, even if another process has got a copy of the descriptor meanwhile. */
    @Override
    public void close() {
        files.descriptors().unlock(description);
        description.close();
    }
}
