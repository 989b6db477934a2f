// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A filter as the kernel takes it: an immutable array of {@code struct sock_filter}.
 *
 * <pre>
 *   0        2    3    4              8
 *   | code   | jt | jf | k            |    linux/filter.h
 * </pre>
 */
public final class BpfProgram {
    /** Bytes per instruction. */
    public static final int INSTRUCTION_SIZE = 8;

    /** {@code BPF_MAXINSNS}. */
    static final int MAX_INSTRUCTIONS = 4096;

    // Operations, as in linux/bpf_common.h.
    public static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    public static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    public static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    public static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    public static final int JUMP_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    public static final int JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    public static final int JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    public static final int RETURN = 0x06; // BPF_RET | BPF_K

    /** One instruction each: code in the low 16 bits, then jt, jf and k. */
    private final long[] instructions;

    private final List<String> unknownNames;

    BpfProgram(long[] instructions, List<String> unknownNames) {
        this.instructions = instructions.clone();
        this.unknownNames = List.copyOf(unknownNames);
    }

    static long instruction(int code, int jumpTrue, int jumpFalse, int constant) {
        return code | (long) jumpTrue << 16 | (long) jumpFalse << 24 | (long) constant << 32;
    }

    /** Returns the number of instructions. */
    public int length() {
        return instructions.length;
    }

    /** Names in the profile that no architecture of the filter knows; their rules are skipped. */
    public List<String> unknownNames() {
        return unknownNames;
    }

    /** Returns the instructions in memory, for {@code struct sock_fprog}. */
    public byte[] toBytes(ByteOrder order) {
        byte[] bytes = new byte[instructions.length * INSTRUCTION_SIZE];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        for (long instruction : instructions) {
            buffer.putShort((short) instruction);
            buffer.put((byte) (instruction >> 16));
            buffer.put((byte) (instruction >> 24));
            buffer.putInt((int) (instruction >> 32));
        }
        return bytes;
    }

    /** Returns a readable form: one instruction per line, jumps as line numbers. */
    public String listing() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < instructions.length; i++) {
            Listing.append(
                    text,
                    i,
                    (int) instructions[i] & 0xffff,
                    (int) (instructions[i] >> 16) & 0xff,
                    (int) (instructions[i] >> 24) & 0xff,
                    (int) (instructions[i] >> 32));
        }
        return text.toString();
    }
}
