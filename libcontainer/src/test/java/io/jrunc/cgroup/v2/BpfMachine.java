// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs the few eBPF instructions that device programs are made of. Source: linux/bpf.h. */
final class BpfMachine {
    private BpfMachine() {}

    /** The program's answer for a context of these words. */
    static int run(byte[] program, int... context) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        int[] registers = new int[11];
        int at = 0;
        while (true) {
            int opcode = code.get(8 * at) & 0xff;
            int to = code.get(8 * at + 1) & 0xf;
            int from = code.get(8 * at + 1) >> 4 & 0xf;
            int offset = code.getShort(8 * at + 2);
            int value = code.getInt(8 * at + 4);
            at++;
            switch (opcode) {
                case 0x61 -> registers[to] = context[offset / 4];
                case 0x54 -> registers[to] &= value;
                case 0x74 -> registers[to] >>>= value;
                case 0xbc -> registers[to] = registers[from];
                case 0xb4 -> registers[to] = value;
                case 0x56 -> at += registers[to] != value ? offset : 0;
                case 0x46 -> at += (registers[to] & value) != 0 ? offset : 0;
                case 0x05 -> at += offset;
                case 0x95 -> {
                    return registers[0];
                }
                default -> throw new AssertionError("opcode " + Integer.toHexString(opcode));
            }
        }
    }
}
