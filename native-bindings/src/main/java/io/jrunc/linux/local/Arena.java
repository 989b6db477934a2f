// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Flag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Memory that the kernel can read and write: where the arguments of one call lie. */
final class Arena {
    private static final int BYTES = 1 << 16;
    private static final int ARGUMENTS = 6;

    private final Libc libc;
    private final Runtime runtime;
    private Pointer memory;
    private long size;
    private long address;

    /** From here on it is free. */
    private int used;

    private final List<Written> outputs = new ArrayList<>();

    /** An output and where the call will have written it. */
    private record Written(Arg.Out out, int offset) {}

    Arena(Libc libc, Runtime runtime) {
        this.libc = libc;
        this.runtime = runtime;
        allocate(BYTES);
    }

    /** Makes room for {@code args} and returns the words to pass for them. */
    long[] place(Arg[] args) {
        reserve(args);
        long[] words = new long[ARGUMENTS];
        for (int i = 0; i < args.length; i++) {
            words[i] = place(args[i]);
        }
        return words;
    }

    /** Copies the output of the call to the caller's buffers. */
    void readBack() {
        for (int i = 0; i < outputs.size(); i++) {
            byte[] bytes = outputs.get(i).out().bytes();
            memory.get(outputs.get(i).offset(), bytes, 0, bytes.length);
        }
    }

    /** Clears it and makes it large enough, before any address in it is handed out. */
    private void reserve(Arg[] args) {
        used = 0;
        outputs.clear();
        long needed = 0;
        for (Arg arg : args) {
            needed += bytesNeeded(arg);
        }
        if (needed > size) {
            libc.free(address);
            allocate(Math.max(needed, 2 * size));
        }
    }

    private void allocate(long bytes) {
        size = bytes;
        address = libc.malloc(bytes);
        memory = Pointer.wrap(runtime, address, bytes);
    }

    private static long bytesNeeded(Arg arg) {
        if (arg instanceof Arg.Data data) {
            return Arg.aligned(data.bytes().length);
        }
        if (arg instanceof Arg.Out out) {
            return Arg.aligned(out.bytes().length);
        }
        if (arg instanceof Arg.Struct struct) {
            long needed = Arg.aligned(struct.bytes().length);
            for (Arg.Struct.Patch patch : struct.patches()) {
                needed += bytesNeeded(patch.value());
            }
            return needed;
        }
        return 0;
    }

    /** Returns the word to pass for {@code arg}; what it points to is in here. */
    private long place(Arg arg) {
        if (arg instanceof Arg.Word word) {
            return word.value();
        }
        if (arg instanceof Arg.Flags flags) {
            return Flag.bits(flags.set());
        }
        if (arg instanceof Arg.Octal octal) {
            return octal.value();
        }
        if (arg instanceof Arg.Result earlier) {
            return earlier.call().result();
        }
        if (arg instanceof Fd fd) {
            return fd.number();
        }
        if (arg instanceof Arg.Data data) {
            return address + copy(data.bytes());
        }
        if (arg instanceof Arg.Out out) {
            int offset = copy(out.bytes());
            outputs.add(new Written(out, offset));
            return address + offset;
        }
        return address + copy(completed((Arg.Struct) arg));
    }

    private byte[] completed(Arg.Struct struct) {
        byte[] bytes = struct.bytes().clone();
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (Arg.Struct.Patch patch : struct.patches()) {
            long word = place(patch.value());
            if (patch.size() == 4) {
                fields.putInt(patch.offset(), (int) word);
            } else {
                fields.putLong(patch.offset(), word);
            }
        }
        return bytes;
    }

    private int copy(byte[] bytes) {
        int offset = used;
        memory.put(offset, bytes, 0, bytes.length);
        used += Arg.aligned(bytes.length);
        return offset;
    }
}
