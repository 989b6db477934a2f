// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A static program for x86-64 that makes one system call and exits. elf(5). */
public final class TinyProgram {
    private static final int HEADERS = 64 + 56;
    private static final long ADDRESS = 0x40_0000;
    private static final byte[] SYSCALL = {0x0f, 0x05};
    private static final byte[] INT_80 = {(byte) 0xcd, (byte) 0x80};

    private TinyProgram() {}

    /** Makes the call {@code number} with zeros, and exits with its errno; 0 if it succeeds. */
    public static byte[] of(int number) {
        return program(number, SYSCALL);
    }

    /** The same as a 32-bit program would, through interrupt 0x80. */
    public static byte[] ofX86(int number) {
        return program(number, INT_80);
    }

    private static byte[] program(int number, byte[] call) {
        ByteBuffer code = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        code.put(new byte[] {0x31, (byte) 0xff, 0x31, (byte) 0xf6}); // xor edi,edi; xor esi,esi
        code.put(new byte[] {0x31, (byte) 0xd2, 0x31, (byte) 0xdb}); // xor edx,edx; xor ebx,ebx
        code.put(new byte[] {0x31, (byte) 0xc9}); // xor ecx,ecx
        code.put((byte) 0xb8).putInt(number); // mov eax,number
        code.put(call);
        code.put(new byte[] {(byte) 0x85, (byte) 0xc0, 0x79, 0x04}); // test eax,eax; jns +4
        code.put(new byte[] {(byte) 0xf7, (byte) 0xd8, (byte) 0xeb, 0x02}); // neg eax; jmp +2
        code.put(new byte[] {0x31, (byte) 0xc0}); // xor eax,eax
        code.put(new byte[] {(byte) 0x89, (byte) 0xc7}); // mov edi,eax
        code.put((byte) 0xb8).putInt(231); // mov eax,exit_group
        code.put(SYSCALL);
        return elf(code);
    }

    private static byte[] elf(ByteBuffer code) {
        int size = HEADERS + code.flip().remaining();
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464c457f).put(new byte[] {2, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
        file.putLong(ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0); // entry, segments
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        file.putInt(1).putInt(5).putLong(0); // PT_LOAD, readable and executable
        file.putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(0x1000);
        file.put(code);
        return file.array();
    }
}
