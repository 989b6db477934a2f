// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * A filter that was compiled elsewhere: {@code struct sock_filter}, one after the other, in the
 * byte order of this machine. What the instructions do is checked by the kernel, when it loads
 * them.
 */
public final class CompiledFilter {
    /** {@code SECCOMP_RET_USER_NOTIF}. */
    private static final int NOTIFY = 0x7fc0_0000;

    private static final int ACTION = 0xffff_0000;

    private CompiledFilter() {}

    /**
     * Reads the instructions.
     *
     * @param base64 of RFC 4648; line breaks are skipped
     * @throws IllegalArgumentException saying what is wrong
     */
    public static BpfProgram read(String base64) {
        byte[] bytes = Base64.getMimeDecoder().decode(base64);
        int count = bytes.length / BpfProgram.INSTRUCTION_SIZE;
        if (count == 0 || bytes.length % BpfProgram.INSTRUCTION_SIZE != 0) {
            throw new IllegalArgumentException(
                    "has " + bytes.length + " bytes, which are no instructions of 8 bytes each");
        }
        if (count > BpfProgram.MAX_INSTRUCTIONS) {
            throw new IllegalArgumentException(
                    "has "
                            + count
                            + " instructions; the kernel takes "
                            + BpfProgram.MAX_INSTRUCTIONS);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long[] instructions = new long[count];
        for (int i = 0; i < count; i++) {
            instructions[i] = next(buffer);
        }
        return new BpfProgram(instructions, List.of());
    }

    private static long next(ByteBuffer buffer) {
        int code = buffer.getShort() & 0xffff;
        int jumpTrue = buffer.get() & 0xff;
        int jumpFalse = buffer.get() & 0xff;
        int constant = buffer.getInt();
        if (code == BpfProgram.RETURN && (constant & ACTION) == NOTIFY) {
            throw new IllegalArgumentException(
                    "notifies a listener, which only a filter that is compiled here can wait for");
        }
        return BpfProgram.instruction(code, jumpTrue, jumpFalse, 0) | (long) constant << 32;
    }
}
