// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.command.Context;
import io.jrunc.container.Container;
import io.jrunc.container.ContainerEvents;
import io.jrunc.container.ContainerEvents.Event;
import io.jrunc.linux.Events;
import io.jrunc.linux.Fd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Prints the events of a container until it ends, or the reader of the output is gone. */
final class EventStream {
    private static final long CONTAINER = 0;
    private static final long READER = 1;
    private static final long LAUNCHER = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Context context;
    private final Container container;
    private final ContainerEvents events;
    private final EventPrinter printer;
    private long next;

    EventStream(
            Context context, Container container, ContainerEvents events, EventPrinter printer) {
        this.context = context;
        this.container = container;
        this.events = events;
        this.printer = printer;
    }

    /** Prints what happens, and statistics whenever {@code interval} is over. */
    void follow(Duration interval) {
        if (!events.tellsOfOom()) {
            context.log().warn("no controller limits its memory: events of type oom, ignoring");
        }
        Events kernel = context.kernel().events();
        try (Fd epoll = kernel.epoll("events")) {
            kernel.awaitInput(epoll, events.descriptor(), CONTAINER);
            kernel.awaitHangup(epoll, context.request().out(), READER);
            kernel.awaitHangup(epoll, context.launcher().socket(), LAUNCHER);
            next = System.nanoTime() + interval.toNanos();
            List<Long> happened = List.of();
            while (!happened.contains(READER) && !happened.contains(LAUNCHER)) {
                if (isEnd()) {
                    return;
                }
                if (next - System.nanoTime() <= 0) {
                    context.print(printer.stats(container.id(), container.stats()));
                    skipMissed(interval.toNanos());
                }
                happened = kernel.await(epoll, millisUntilNext());
            }
        }
    }

    /** Tells of what has happened; returns whether the container has ended. */
    private boolean isEnd() {
        Optional<Event> event = events.next();
        while (event.isPresent() && event.get() == Event.OOM) {
            context.print(printer.oom(container.id()));
            event = events.next();
        }
        return event.isPresent();
    }

    /** Times that have passed, because the reader was slow, are not made up for. */
    private void skipMissed(long interval) {
        long late = System.nanoTime() - next;
        next += (late / interval + 1) * interval;
    }

    /** Returns the time, rounded up, because waking too early would only cause another wait. */
    private int millisUntilNext() {
        long millis = (next - System.nanoTime()) / NANOS_PER_MILLI + 1;
        return (int) Math.max(0, Math.min(millis, Integer.MAX_VALUE));
    }
}
