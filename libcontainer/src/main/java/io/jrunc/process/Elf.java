package io.jrunc.process;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The head of an ELF program. elf(5). */
final class Elf {
    private static final int EI_CLASS = 4;
    private static final int EI_DATA = 5;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2MSB = 2;
    private static final int E_MACHINE = 18;
    private static final int PT_INTERP = 3;
    private static final int MIN_BYTES = 64;
    private static final int MAX_INTERPRETER_BYTES = 4096;

    private final ByteBuffer head;
    private final boolean wide;

    Elf(byte[] bytes) {
        head = ByteBuffer.wrap(bytes);
        head.order(bytes[EI_DATA] == ELFDATA2MSB ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        wide = bytes[EI_CLASS] == ELFCLASS64;
    }

    static boolean isElf(byte[] bytes) {
        return bytes.length >= MIN_BYTES
                && bytes[0] == 0x7f
                && bytes[1] == 'E'
                && bytes[2] == 'L'
                && bytes[3] == 'F';
    }

    /** Whether a kernel of this machine runs it: its own code, and the 32-bit code before it. */
    boolean isFor(String machine) {
        int code = head.getShort(E_MACHINE) & 0xffff;
        return machine.equals("x86_64") ? code == 62 || code == 3 : code == 183 || code == 40;
    }

    /** The machine's name, for messages. */
    String machine() {
        int code = head.getShort(E_MACHINE) & 0xffff;
        return switch (code) {
            case 3 -> "i386";
            case 8 -> "mips";
            case 20 -> "ppc";
            case 21 -> "ppc64";
            case 22 -> "s390";
            case 40 -> "arm";
            case 62 -> "x86_64";
            case 183 -> "aarch64";
            case 243 -> "riscv";
            case 258 -> "loongarch";
            default -> "machine number " + code;
        };
    }

    /** The dynamic loader that the program asks for; empty if it is static. */
    String interpreter(Files files, Fd file) {
        long table = wide ? head.getLong(32) : head.getInt(28) & 0xffffffffL;
        int size = head.getShort(wide ? 54 : 42) & 0xffff;
        int count = head.getShort(wide ? 56 : 44) & 0xffff;
        byte[] bytes = files.readAt(file, size * Math.min(count, 64), table);
        ByteBuffer headers = ByteBuffer.wrap(bytes).order(head.order());
        for (int at = 0; size > 0 && at + size <= bytes.length; at += size) {
            if (headers.getInt(at) == PT_INTERP) {
                long offset = wide ? headers.getLong(at + 8) : headers.getInt(at + 4);
                long length = wide ? headers.getLong(at + 32) : headers.getInt(at + 16);
                int bounded = (int) Math.min(length, MAX_INTERPRETER_BYTES);
                byte[] name = files.readAt(file, bounded, offset);
                int end = name.length > 0 && name[name.length - 1] == 0 ? 1 : 0;
                return new String(name, 0, name.length - end, StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
