// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

/**
 * The layout of the conversation with a process that makes calls, in native byte order; {@code
 * batch.h} is its mirror.
 *
 * <pre>
 * request: head, operations, data
 *
 *   0       4          8       12           16            20              24
 *   | magic | sequence | flags | operations | data length | output length |
 *
 * operation
 *
 *   0        4       8                 56               64
 *   | number | kinds | argument 0 … 5  | tolerated 0 … 3 |    64-bit arguments, 16-bit errnos
 *
 * reply: head, one 64-bit result per operation of the request, output
 *
 *   0       4          8      12              16
 *   | magic | sequence | done | output length |
 * </pre>
 */
final class BatchLayout {
    static final int MAGIC = 0x3162726a;

    static final int HEAD_BYTES = 24;
    static final int SEQUENCE = 4;
    static final int FLAGS = 8;
    static final int OPERATIONS = 12;
    static final int DATA_LENGTH = 16;
    static final int OUTPUT_LENGTH = 20;

    static final int OPERATION_BYTES = 64;
    static final int KINDS = 4;
    static final int ARGUMENTS = 8;
    static final int TOLERATED = 56;
    static final int MAX_TOLERATED = 4;
    static final short TOLERATE_ALL = -1;

    static final int REPLY_HEAD_BYTES = 16;
    static final int DONE = 8;
    static final int RESULT_BYTES = 8;

    /** {@code batch.flags}: the calls are made when the conversation ends. */
    static final int CLEANUP = 1;

    /** The same, but it replaces the cleanup batch only at a later operation. */
    static final int NEXT_CLEANUP = 2;

    /** Where an argument comes from: four bits each, the first argument lowest. */
    static final int IMMEDIATE = 0;

    static final int DATA = 1;
    static final int OUTPUT = 2;
    static final int RESULT = 3;
    static final int DESCRIPTOR = 4;

    private BatchLayout() {}
}
