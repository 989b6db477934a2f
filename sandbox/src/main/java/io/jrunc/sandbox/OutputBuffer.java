// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * What a program has written and nothing has read yet. One thread fills it, others read; a read
 * waits until there is something, or the program has ended, and heeds interrupts.
 */
final class OutputBuffer extends InputStream {
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int position;
    private boolean ended;
    private boolean closed;

    /** Adds what the program has written. */
    synchronized void add(byte[] bytes) {
        if (!closed && bytes.length > 0) {
            chunks.add(bytes);
            notifyAll();
        }
    }

    /** Nothing will be added any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Returns what nothing has read. */
    synchronized byte[] rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        int skipped = position;
        for (byte[] chunk : chunks) {
            rest.write(chunk, skipped, chunk.length - skipped);
            skipped = 0;
        }
        return rest.toByteArray();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        awaitMore();
        if (closed) {
            throw new IOException("the stream is closed");
        }
        byte[] first = chunks.peek();
        if (first == null) {
            return -1;
        }
        int count = Math.min(length, first.length - position);
        System.arraycopy(first, position, to, offset, count);
        position += count;
        if (position == first.length) {
            chunks.remove();
            position = 0;
        }
        return count;
    }

    private synchronized void awaitMore() throws IOException {
        try {
            while (chunks.isEmpty() && !ended && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while reading from a sandbox");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public synchronized int available() {
        byte[] first = chunks.peek();
        return first == null ? 0 : first.length - position;
    }

    /** From now on, what the program writes is dropped; it can go on writing. */
    @Override
    public synchronized void close() {
        closed = true;
        chunks.clear();
        position = 0;
        notifyAll();
    }
}
