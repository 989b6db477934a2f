// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Events.Ready;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that waits for all running programs: for their output, for room for their input,
 * for their ends and for their time limits. It never waits for anything else. epoll(7).
 */
final class Loop implements AutoCloseable {
    private static final long COUNTER = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int LONGEST_WAIT_MILLIS = 60_000;

    private final Kernel kernel;
    private final Fd epoll;
    private final Fd counter;
    private final Thread thread;

    /** Of the descriptors that are waited for, by their tags. Only for the thread. */
    private final Map<Long, Runnable> actions = new HashMap<>();

    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::untilNow));
    private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
    private long lastTag = COUNTER;
    private volatile boolean closed;

    /** Something to do at a time of {@link System#nanoTime}. */
    record Alarm(long nanoTime, Runnable action) {
        private static final long EPOCH = System.nanoTime();

        /** Returns a number that orders alarms; nanoTime itself may overflow. */
        long untilNow() {
            return nanoTime - EPOCH;
        }
    }

    Loop(Kernel kernel, String name) {
        this.kernel = kernel;
        this.epoll = kernel.events().epoll(name);
        this.counter = kernel.events().counter("tasks of " + name);
        kernel.events().awaitInput(epoll, counter, COUNTER);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the thread do it soon. */
    void submit(Runnable task) {
        submitted.add(task);
        wake();
    }

    private synchronized void wake() {
        if (counter.isOpen()) {
            kernel.events().add(counter);
        }
    }

    /** Does {@code action} when {@code fd} can be read, until it is forgotten. Returns its tag. */
    long onInput(Fd fd, Runnable action) {
        actions.put(++lastTag, action);
        kernel.events().awaitInput(epoll, fd, lastTag);
        return lastTag;
    }

    /** Does {@code action} when {@code fd} can be written to, until it is forgotten. */
    long onOutput(Fd fd, Runnable action) {
        actions.put(++lastTag, action);
        kernel.events().awaitOutput(epoll, fd, lastTag);
        return lastTag;
    }

    /** Waits for it no longer. */
    void forget(long tag, Fd fd) {
        actions.remove(tag);
        kernel.events().forget(epoll, fd);
    }

    /** Sets an alarm. */
    void add(Alarm alarm) {
        alarms.add(alarm);
    }

    /** Removes an alarm, if it is still to come. */
    void remove(Alarm alarm) {
        alarms.remove(alarm);
    }

    private void run() {
        while (!closed) {
            for (Ready ready : kernel.events().awaitReady(epoll, millisUntilAlarm())) {
                if (ready.tag() == COUNTER) {
                    kernel.events().take(counter);
                    continue;
                }
                Runnable action = actions.get(ready.tag());
                if (action != null) {
                    action.run();
                }
            }
            for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
                task.run();
            }
            for (Alarm due = due(); due != null; due = due()) {
                due.action().run();
            }
        }
        release();
    }

    private synchronized void release() {
        epoll.close();
        counter.close();
    }

    private int millisUntilAlarm() {
        Alarm next = alarms.peek();
        if (next == null) {
            return LONGEST_WAIT_MILLIS;
        }
        long millis = (next.nanoTime() - System.nanoTime()) / NANOS_PER_MILLI + 1;
        return (int) Math.max(0, Math.min(millis, LONGEST_WAIT_MILLIS));
    }

    private @Nullable Alarm due() {
        Alarm next = alarms.peek();
        return next != null && next.nanoTime() - System.nanoTime() <= 0 ? alarms.poll() : null;
    }

    /** Ends the thread, which closes what it waits with. */
    @Override
    public void close() {
        closed = true;
        wake();
    }
}
