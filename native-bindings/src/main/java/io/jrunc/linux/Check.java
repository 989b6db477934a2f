// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;

/**
 * Compares a word that the kernel has written with what must, or must not, be there. The process
 * that makes the calls compares by itself, so no call after a check that fails is made.
 */
public final class Check {
    private Check() {}

    /**
     * A check of the 64-bit word at {@code offset} of {@code out}; it fails with EBADMSG.
     *
     * @param mask the bits that count
     * @param equal whether they must be those of {@code value}, or must be others
     */
    static Call of(
            Kernel kernel,
            String subject,
            Arg.Out out,
            int offset,
            long mask,
            long value,
            boolean equal) {
        Arg[] args = {out, Arg.of(offset), Arg.of(mask), Arg.of(value), Arg.of(equal ? 1 : 0)};
        return new Call(kernel, ChildOp.CHECK, subject, args);
    }

    /** For kernels that make calls in this process: compares. Returns 0 or {@code -EBADMSG}. */
    public static long answer(Call check) {
        ByteBuffer out = ((Arg.Out) check.args()[0]).buffer();
        long found = out.getLong((int) word(check, 1)) & word(check, 2);
        boolean equal = found == word(check, 3);
        return equal == (word(check, 4) != 0) ? 0 : -Errno.EBADMSG.number();
    }

    private static long word(Call check, int argument) {
        return ((Arg.Word) check.args()[argument]).value();
    }
}
