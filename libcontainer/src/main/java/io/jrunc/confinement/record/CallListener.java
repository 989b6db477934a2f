// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Events;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.process.Notifications;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The listener of one container's filters: of its init, and of processes of {@code exec}. Their
 * descriptors arrive over a socket as at any listener. One thread answers all; it ends with the
 * last process that has such a filter.
 *
 * <p>Source: seccomp_unotify(2), runtime-spec config-linux.md#containerprocessstate.
 */
public final class CallListener implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int MESSAGE_BYTES = 1 << 16;
    private static final long SOCKET = 0;

    private final Kernel kernel;
    private final ListenerDirectory directory;
    private final Fd listening;
    private final Fd epoll;
    private final CallHandler handler;
    private final Map<Long, Fd> filters = new HashMap<>();
    private final Thread thread = new Thread(this::serve, "seccomp-listener");
    private long tags = SOCKET;
    private volatile boolean over;
    private volatile @Nullable RuntimeException problem;

    private CallListener(
            Kernel kernel, ListenerDirectory directory, Fd listening, CallHandler handler) {
        this.kernel = kernel;
        this.directory = directory;
        this.listening = listening;
        this.handler = handler;
        epoll = kernel.events().epoll("seccomp listeners");
        thread.setDaemon(true);
    }

    /** Begins to listen. */
    public static CallListener open(Kernel kernel, CallHandler handler) {
        ListenerDirectory directory = ListenerDirectory.make(kernel);
        Fd listening = kernel.sockets().unixStream("seccomp listener");
        try {
            kernel.sockets().bind(listening, directory.socket());
            kernel.sockets().listen(listening, BACKLOG);
            CallListener listener = new CallListener(kernel, directory, listening, handler);
            kernel.events().awaitInput(listener.epoll, listening, SOCKET);
            listener.thread.start();
            return listener;
        } catch (RuntimeException f) {
            listening.close();
            directory.remove();
            throw f;
        }
    }

    /** Returns what {@code linux.seccomp.listenerPath} is to be. */
    public String path() {
        return directory.socket();
    }

    /** Waits until no process is left that has a filter; there must have been one. */
    public void awaitEnd() {
        join();
        RuntimeException ended = problem;
        if (ended != null) {
            throw ended;
        }
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(
                    Failure.Code.INTERRUPTED, "the wait for the container was interrupted", e);
        }
    }

    private void serve() {
        try {
            boolean had = false;
            while (!over && (!had || !filters.isEmpty())) {
                for (Events.Ready ready : kernel.events().awaitReady(epoll, -1)) {
                    if (ready.tag() == SOCKET) {
                        had |= greet();
                    } else if (ready.input()) {
                        answer(filter(ready));
                    } else {
                        forget(filter(ready));
                        filters.remove(ready.tag());
                    }
                }
            }
        } catch (RuntimeException f) {
            problem = f;
        } finally {
            // The kernel answers pending calls with ENOSYS.
            filters.values().forEach(Fd::close);
            epoll.close();
            listening.close();
            directory.remove();
        }
    }

    private Fd filter(Events.Ready ready) {
        return Objects.requireNonNull(filters.get(ready.tag()));
    }

    /** Returns whether a filter came. */
    private boolean greet() {
        List<Fd> received = new ArrayList<>(1);
        try (Fd connection = kernel.sockets().accept(listening)) {
            kernel.sockets().receive(connection, MESSAGE_BYTES, received);
        }
        for (Fd filter : received) {
            new Notifications(kernel, filter).preferHandOver();
            filters.put(++tags, filter);
            kernel.events().awaitInput(epoll, filter, tags);
        }
        return !received.isEmpty();
    }

    /** Drops a filter whose processes have ended; its sender may keep it open for a moment. */
    private void forget(Fd filter) {
        kernel.events().forget(epoll, filter);
        filter.close();
    }

    private void answer(Fd filter) {
        Notifications notifications = new Notifications(kernel, filter);
        notifications.receive().ifPresent(asked -> handler.answer(notifications, asked));
    }

    /** Stops listening; processes that have such a filter cannot make calls any more: ENOSYS. */
    @Override
    public void close() {
        over = true;
        try (Fd caller = kernel.sockets().unixStream("seccomp listener")) {
            kernel.sockets().connect(caller, directory.socket()); // wakes the thread
        } catch (Failure f) {
            if (!f.is(Errno.ENOENT) && !f.is(Errno.ECONNREFUSED)) {
                throw f;
            }
            // It has ended already.
        }
        join();
    }
}
