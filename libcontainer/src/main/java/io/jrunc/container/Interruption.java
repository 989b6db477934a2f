// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * A wait in epoll_wait(2) that ends when the thread is interrupted. The JDK lets channels know of
 * an interrupt, and of this library's system calls it knows nothing: so the wait looks like one of
 * a channel, whose end adds to a counter that is waited for as well.
 */
final class Interruption implements AutoCloseable {
    private final Kernel kernel;
    private final Fd counter;
    private final Fd epoll;

    private Interruption(Kernel kernel, Fd counter, Fd epoll) {
        this.kernel = kernel;
        this.counter = counter;
        this.epoll = epoll;
    }

    /** Prepares to wait for input from {@code awaited}. */
    static Interruption of(Kernel kernel, Fd awaited) {
        Fd counter = kernel.events().counter("interrupts");
        try {
            Fd epoll = kernel.events().epoll(awaited.name());
            Interruption interruption = new Interruption(kernel, counter, epoll);
            kernel.events().awaitInput(epoll, awaited, 0);
            kernel.events().awaitInput(epoll, counter, 1);
            return interruption;
        } catch (RuntimeException f) {
            counter.close();
            throw f;
        }
    }

    /** Waits for {@code millis} at most. */
    void await(int millis) throws InterruptedException {
        if (!new Wait().isOver(millis)) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    private final class Wait extends AbstractInterruptibleChannel {
        /** Returns false if the thread was interrupted. */
        boolean isOver(int millis) {
            try {
                begin();
                try {
                    kernel.events().await(epoll, millis);
                } finally {
                    end(true);
                }
                return true;
            } catch (AsynchronousCloseException e) {
                return false;
            }
        }

        /** Runs in the thread that interrupts, or in this one if it was interrupted before. */
        @Override
        protected void implCloseChannel() {
            kernel.events().add(counter);
        }
    }

    @Override
    public void close() {
        epoll.close();
        counter.close();
    }
}
