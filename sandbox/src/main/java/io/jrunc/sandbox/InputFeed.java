// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the calling program has written and the program in the sandbox has not read yet. A write
 * waits while there is a lot of it, and heeds interrupts; once the program has ended, it fails.
 */
final class InputFeed extends OutputStream {
    private static final int CAPACITY = 65536;

    private final Runnable moreToSend;
    private byte[] pending = new byte[0];
    private boolean closed;
    private boolean broken;

    /**
     * An empty one.
     *
     * @param moreToSend is called when {@link #next} or {@link #isOver} has another answer
     */
    InputFeed(Runnable moreToSend) {
        this.moreToSend = moreToSend;
    }

    /** One that has all of it. */
    InputFeed(byte[] all) {
        this.moreToSend = () -> {};
        this.pending = all.clone();
        this.closed = true;
    }

    /** Returns up to {@code most} bytes that are to be sent next; none if there are none now. */
    synchronized byte[] next(int most) {
        return Arrays.copyOf(pending, Math.min(most, pending.length));
    }

    /** Takes note that so many of them were sent. */
    synchronized void sent(int count) {
        pending = Arrays.copyOfRange(pending, count, pending.length);
        notifyAll();
    }

    /** Returns whether all was sent that there will ever be. */
    synchronized boolean isOver() {
        return broken || closed && pending.length == 0;
    }

    /** The program reads no more. */
    synchronized void breakOff() {
        broken = true;
        pending = new byte[0];
        notifyAll();
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        int done = 0;
        while (done < length) {
            done += append(from, offset + done, length - done);
            moreToSend.run();
        }
    }

    private synchronized int append(byte[] from, int offset, int length) throws IOException {
        awaitRoom();
        if (broken || closed) {
            throw new IOException(
                    closed ? "the stream is closed" : "the program reads no more input");
        }
        int count = Math.min(length, CAPACITY - pending.length);
        int old = pending.length;
        pending = Arrays.copyOf(pending, old + count);
        System.arraycopy(from, offset, pending, old, count);
        return count;
    }

    private synchronized void awaitRoom() throws IOException {
        try {
            while (pending.length >= CAPACITY && !broken && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while writing to a sandbox");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        moreToSend.run();
    }
}
