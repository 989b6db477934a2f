// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.BpfProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a filter as the kernel does, and counts the instructions. Source: linux/bpf_common.h. */
public final class Simulator {
    private static final int WORDS = 16;

    private final int[] codes;
    private final int[] jumpsTrue;
    private final int[] jumpsFalse;
    private final int[] constants;
    private long steps;

    Simulator(byte[] program, ByteOrder order) {
        int length = program.length / BpfProgram.INSTRUCTION_SIZE;
        codes = new int[length];
        jumpsTrue = new int[length];
        jumpsFalse = new int[length];
        constants = new int[length];
        ByteBuffer buffer = ByteBuffer.wrap(program).order(order);
        for (int i = 0; i < length; i++) {
            codes[i] = buffer.getShort() & 0xffff;
            jumpsTrue[i] = buffer.get() & 0xff;
            jumpsFalse[i] = buffer.get() & 0xff;
            constants[i] = buffer.getInt();
        }
    }

    public static Simulator of(BpfProgram program) {
        return new Simulator(program.toBytes(ByteOrder.BIG_ENDIAN), ByteOrder.BIG_ENDIAN);
    }

    int length() {
        return codes.length;
    }

    /** Instructions executed by the last run. */
    public long steps() {
        return steps;
    }

    public int run(SystemCall call) {
        ByteBuffer data = call.data();
        int accumulator = 0;
        int index = 0;
        int[] scratch = new int[WORDS];
        steps = 0;
        for (int i = 0; ; i++) {
            steps++;
            int k = constants[i];
            boolean jump;
            switch (codes[i]) {
                case 0x20 -> { // BPF_LD | BPF_W | BPF_ABS
                    accumulator = data.getInt(k);
                    continue;
                }
                case 0x00 -> { // BPF_LD | BPF_IMM
                    accumulator = k;
                    continue;
                }
                case 0x60 -> { // BPF_LD | BPF_MEM
                    accumulator = scratch[k];
                    continue;
                }
                case 0x02 -> { // BPF_ST
                    scratch[k] = accumulator;
                    continue;
                }
                case 0x54 -> { // BPF_ALU | BPF_AND | BPF_K
                    accumulator &= k;
                    continue;
                }
                case 0x07 -> { // BPF_MISC | BPF_TAX
                    index = accumulator;
                    continue;
                }
                case 0x87 -> { // BPF_MISC | BPF_TXA
                    accumulator = index;
                    continue;
                }
                case 0x05 -> { // BPF_JMP | BPF_JA
                    i += k;
                    continue;
                }
                case 0x06 -> { // BPF_RET | BPF_K
                    return k;
                }
                case 0x15 -> jump = accumulator == k;
                case 0x25 -> jump = Integer.compareUnsigned(accumulator, k) > 0;
                case 0x35 -> jump = Integer.compareUnsigned(accumulator, k) >= 0;
                case 0x45 -> jump = (accumulator & k) != 0;
                default -> throw new AssertionError("instruction " + i + ": " + codes[i]);
            }
            i += jump ? jumpsTrue[i] : jumpsFalse[i];
        }
    }
}
