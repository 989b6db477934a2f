// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import io.jrunc.linux.Arg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A byte buffer that grows, in native byte order. */
final class Bytes {
    private ByteBuffer buffer;

    Bytes(int capacity) {
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
    }

    void putShort(short value) {
        room(2).putShort(value);
    }

    void putInt(int value) {
        room(4).putInt(value);
    }

    void putLong(long value) {
        room(8).putLong(value);
    }

    /** Appends, padded to eight bytes. Returns where it begins. */
    int append(byte[] bytes) {
        int at = buffer.position();
        ByteBuffer target = room(Arg.aligned(bytes.length));
        target.put(bytes);
        target.position(at + Arg.aligned(bytes.length));
        return at;
    }

    byte[] array() {
        return buffer.array();
    }

    int length() {
        return buffer.position();
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
            ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
            larger.put(buffer.array(), 0, buffer.position());
            buffer = larger;
        }
        return buffer;
    }
}
