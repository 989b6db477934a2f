// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import jnr.ffi.Pointer;

/** Reads the arguments of sendmsg(2) and recvmsg(2); {@code batch.h} has the layout. */
final class Messages {
    /** {@code batch.operations} */
    static final int OPERATIONS = 12;

    private static final int MAGIC = 0x3162726a;
    private static final int REPLY_HEAD_BYTES = 16;

    /** {@code struct msghdr} and {@code struct iovec}: recvmsg(2). */
    private static final int VECTORS = 16;

    private static final int HEADER_BYTES = 56;
    private static final int VECTOR_BYTES = 16;
    private static final int LENGTH = 8;

    private Messages() {}

    /** Returns the bytes of the message whose {@code msghdr} lies at this address. */
    static Pointer bytes(long header) {
        long vectors = Steps.memory(header, HEADER_BYTES).getLong(VECTORS);
        Pointer vector = Steps.memory(vectors, VECTOR_BYTES);
        return Steps.memory(vector.getLong(0), vector.getLong(LENGTH));
    }

    /** Says whether the first {@code length} bytes begin a batch or the reply to one. */
    static boolean isBatch(Pointer bytes, long length) {
        return length >= REPLY_HEAD_BYTES && bytes.getInt(0) == MAGIC;
    }
}
