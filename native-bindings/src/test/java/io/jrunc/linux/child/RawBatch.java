// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A request encoded by hand, as a program that does not trust {@link Batch} would. */
final class RawBatch {
    private final List<Operation> operations = new ArrayList<>();
    private byte[] data = {};
    private int outputLength;

    private record Operation(int number, int kinds, long[] words) {}

    /** Adds an operation; each argument is a kind and a word, alternating. */
    RawBatch add(int number, long... kindsAndWords) {
        int kinds = 0;
        long[] words = new long[6];
        for (int i = 0; i < kindsAndWords.length / 2; i++) {
            kinds |= (int) kindsAndWords[2 * i] << (4 * i);
            words[i] = kindsAndWords[2 * i + 1];
        }
        operations.add(new Operation(number, kinds, words));
        return this;
    }

    RawBatch data(byte[] bytes) {
        data = bytes;
        return this;
    }

    RawBatch output(int length) {
        outputLength = length;
        return this;
    }

    byte[] request(int sequence) {
        ByteBuffer request = ByteBuffer.allocate(24 + 64 * operations.size() + data.length);
        request.order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(0x3162726a).putInt(sequence).putInt(0);
        request.putInt(operations.size()).putInt(data.length).putInt(outputLength);
        for (Operation operation : operations) {
            request.putInt(operation.number).putInt(operation.kinds);
            for (long word : operation.words) {
                request.putLong(word);
            }
            request.putLong(-1); // any error is tolerated
        }
        request.put(data);
        return request.array();
    }

    int replyLength() {
        return 16 + 8 * operations.size() + outputLength;
    }
}
