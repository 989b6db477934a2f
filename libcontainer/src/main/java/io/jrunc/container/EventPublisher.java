// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.container.ContainerEvents.Event;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Publishes what happens to a container from each subscription on. Each subscriber has a thread of
 * its own, which waits; an event that was not requested waits, too, in the kernel. After {@link
 * Event#ENDED} it is complete.
 */
final class EventPublisher implements Flow.Publisher<Event> {
    private static final Duration LONG = Duration.ofHours(1);

    private final Supplier<ContainerEvents> events;

    EventPublisher(Supplier<ContainerEvents> events) {
        this.events = events;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        Objects.requireNonNull(subscriber, "the subscriber is null");
        Thread thread = new Thread(new Delivery(subscriber, events), "container events");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Delivery implements Runnable, Flow.Subscription {
        private final Flow.Subscriber<? super Event> subscriber;
        private final Supplier<ContainerEvents> events;
        private final Semaphore requested = new Semaphore(0);
        private volatile Optional<Thread> thread = Optional.empty();
        private volatile boolean refused;
        private volatile boolean cancelled;

        private Delivery(
                Flow.Subscriber<? super Event> subscriber, Supplier<ContainerEvents> events) {
            this.subscriber = subscriber;
            this.events = events;
        }

        @Override
        public void run() {
            thread = Optional.of(Thread.currentThread());
            try (ContainerEvents watched = events.get()) {
                subscriber.onSubscribe(this);
                deliver(watched);
            } catch (InterruptedException e) {
                return; // cancelled: nothing is delivered any more
            } catch (RuntimeException f) {
                subscriber.onError(f);
            }
        }

        private void deliver(ContainerEvents watched) throws InterruptedException {
            boolean ended = false;
            while (!ended && !cancelled) {
                requested.acquire();
                if (refused) {
                    throw new IllegalArgumentException("fewer than one event were requested");
                }
                Optional<Event> event = Optional.empty();
                while (event.isEmpty()) {
                    event = watched.await(LONG);
                }
                subscriber.onNext(event.get());
                ended = event.get() == Event.ENDED;
            }
            if (!cancelled) {
                subscriber.onComplete();
            }
        }

        @Override
        public void request(long count) {
            refused |= count <= 0;
            int most = Integer.MAX_VALUE / 2 - requested.availablePermits();
            requested.release((int) Math.max(1, Math.min(count, most)));
        }

        @Override
        public void cancel() {
            cancelled = true;
            thread.filter(one -> one != Thread.currentThread()).ifPresent(Thread::interrupt);
        }
    }
}
