// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.MemoryCgroup;
import io.jrunc.cgroup.file.OomWatch;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.state.State;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What happens to a container from now on, for one thread that waits; others may use the library
 * meanwhile. To be closed by the thread that waits: it is woken by an interrupt.
 */
public final class ContainerEvents implements AutoCloseable {
    private static final int SOMETHING = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Something that has happened. */
    public enum Event {
        /**
         * Its memory ran out; as a rule, a process was killed. Several at once may be one event.
         */
        OOM,
        /** Its init has ended. The last event; later calls return it again. */
        ENDED
    }

    private final Kernel kernel;
    private final Fd init;
    private final Optional<OomWatch> oom;
    private final Fd epoll;

    private ContainerEvents(Kernel kernel, Fd init, Optional<OomWatch> oom, Fd epoll) {
        this.kernel = kernel;
        this.init = init;
        this.oom = oom;
        this.epoll = epoll;
    }

    static ContainerEvents of(Kernel kernel, State state) {
        Fd init = state.init().open(kernel).orElseThrow(() -> notRunning(state.id()));
        Optional<OomWatch> oom = Optional.empty();
        try {
            oom = MemoryCgroup.of(kernel, state.cgroups()).map(MemoryCgroup::watch);
            Fd epoll = kernel.events().epoll("events of " + state.id());
            kernel.events().awaitInput(epoll, init, SOMETHING);
            oom.ifPresent(
                    watch -> kernel.events().awaitInput(epoll, watch.descriptor(), SOMETHING));
            return new ContainerEvents(kernel, init, oom, epoll);
        } catch (RuntimeException f) {
            oom.ifPresent(OomWatch::close);
            init.close();
            throw f;
        }
    }

    /** Why it cannot be watched. */
    public static Failure notRunning(String id) {
        return Failure.of(Failure.Code.WRONG_STATE, "container with id " + id + " is not running");
    }

    /** Returns whether {@link Event#OOM} can occur: it needs the memory controller. */
    public boolean tellsOfOom() {
        return oom.isPresent();
    }

    /**
     * Returns a descriptor that is readable when there is an event; lent, to be polled with others.
     */
    public Fd descriptor() {
        return epoll;
    }

    /** What has happened; empty if nothing has. Does not wait. */
    public Optional<Event> next() {
        // In this order: a process that was killed for memory has caused both by now.
        boolean ended = kernel.processes().awaitEnd(init, 0);
        if (oom.isPresent() && oom.get().hasHappened()) {
            return Optional.of(Event.OOM);
        }
        return ended ? Optional.of(Event.ENDED) : Optional.empty();
    }

    /**
     * Waits for what happens next; empty if nothing does in that time.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    public Optional<Event> await(Duration time) throws InterruptedException {
        Objects.requireNonNull(time, "ContainerEvents.await: time is null");
        long end = System.nanoTime() + time.toNanos();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try (Interruption interruption = Interruption.of(kernel, epoll)) {
            Optional<Event> event = next();
            while (event.isEmpty() && end - System.nanoTime() > 0) {
                interruption.await(millisUntil(end));
                event = next();
            }
            return event;
        }
    }

    /** Returns the time, rounded up, because waking too early would only cause another wait. */
    private static int millisUntil(long end) {
        long millis = (end - System.nanoTime()) / NANOS_PER_MILLI + 1;
        return (int) Math.max(0, Math.min(millis, Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        epoll.close();
        oom.ifPresent(OomWatch::close);
        init.close();
    }
}
