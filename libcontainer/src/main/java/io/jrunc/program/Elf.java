// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The head of an ELF program. elf(5). */
final class Elf {
    private static final int EI_CLASS = 4;
    private static final int EI_DATA = 5;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2MSB = 2;
    private static final int E_MACHINE = 18;
    static final long DT_NEEDED = 1;
    static final long DT_RPATH = 15;
    static final long DT_RUNPATH = 29;
    private static final long DT_STRTAB = 5;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int MAX_SEGMENTS = 64;
    private static final int MAX_DYNAMIC_BYTES = 1 << 14;
    private static final int MIN_BYTES = 64;
    private static final int MAX_INTERPRETER_BYTES = 4096;

    /** How many strings of the dynamic section are read: some 100 are usual for large programs. */
    static final int MAX_STRINGS = 512;

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

    /** Returns whether it is 64-bit code; the libraries of others are left to their loader. */
    boolean is64Bit() {
        return wide;
    }

    /**
     * Returns whether a kernel of this machine runs it: its own code, and the 32-bit code before
     * it.
     */
    boolean isFor(String machine) {
        int code = head.getShort(E_MACHINE) & 0xffff;
        return machine.equals("x86_64") ? code == 62 || code == 3 : code == 183 || code == 40;
    }

    /** Returns the machine's name, for messages. */
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

    /** Returns the dynamic loader that the program asks for; empty if it is static. */
    String interpreter(Files files, Fd file) {
        Optional<Segment> named = segment(files, file, PT_INTERP);
        if (named.isEmpty()) {
            return "";
        }
        int bounded = (int) Math.min(named.get().size, (long) MAX_INTERPRETER_BYTES);
        byte[] name = read(files, file, bounded, named.get().offset);
        int end = name.length > 0 && name[name.length - 1] == 0 ? 1 : 0;
        return new String(name, 0, name.length - end, StandardCharsets.UTF_8);
    }

    /**
     * Returns the strings of the dynamic section with these tags, in its order: {@code DT_NEEDED}
     * for the libraries. At most {@link #MAX_STRINGS}.
     */
    List<String> dynamicStrings(Files files, Fd file, long... tags) {
        List<String> strings = new ArrayList<>();
        Optional<Segment> dynamic = segment(files, file, PT_DYNAMIC);
        if (dynamic.isEmpty() || !wide) {
            return strings; // 32-bit programs are left to their loader
        }
        int length = (int) Math.min(dynamic.get().size, MAX_DYNAMIC_BYTES);
        ByteBuffer entries = ByteBuffer.wrap(read(files, file, length, dynamic.get().offset));
        entries.order(head.order());
        long table = -1;
        for (int at = 0; at + 16 <= entries.limit(); at += 16) {
            if (entries.getLong(at) == DT_STRTAB) {
                table = fileOffset(files, file, entries.getLong(at + 8));
            }
        }
        for (int at = 0; table >= 0 && at + 16 <= entries.limit(); at += 16) {
            long tag = entries.getLong(at);
            for (long wanted : tags) {
                if (tag == wanted && strings.size() < MAX_STRINGS) {
                    strings.add(string(files, file, table + entries.getLong(at + 8)));
                }
            }
            if (tag == 0) {
                break;
            }
        }
        return strings;
    }

    /** Reads what a program that may lie claims to have; nothing where that is impossible. */
    private static byte[] read(Files files, Fd file, int length, long offset) {
        return length <= 0 || offset < 0 ? new byte[0] : files.readAt(file, length, offset);
    }

    private static String string(Files files, Fd file, long offset) {
        byte[] bytes = read(files, file, MAX_INTERPRETER_BYTES, offset);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private record Segment(long offset, long address, long size) {}

    /** Returns the first segment of this type. */
    private Optional<Segment> segment(Files files, Fd file, int type) {
        List<Segment> all = segments(files, file, type);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    private List<Segment> segments(Files files, Fd file, int type) {
        List<Segment> found = new ArrayList<>();
        long table = wide ? head.getLong(32) : head.getInt(28) & 0xffffffffL;
        int size = head.getShort(wide ? 54 : 42) & 0xffff;
        int count = head.getShort(wide ? 56 : 44) & 0xffff;
        byte[] bytes = read(files, file, size * Math.min(count, MAX_SEGMENTS), table);
        ByteBuffer headers = ByteBuffer.wrap(bytes).order(head.order());
        int needed = wide ? 56 : 32;
        for (int at = 0; size >= needed && at + size <= bytes.length; at += size) {
            if (headers.getInt(at) == type) {
                found.add(
                        wide
                                ? new Segment(
                                        headers.getLong(at + 8),
                                        headers.getLong(at + 16),
                                        headers.getLong(at + 32))
                                : new Segment(
                                        headers.getInt(at + 4),
                                        headers.getInt(at + 8),
                                        headers.getInt(at + 16)));
            }
        }
        return found;
    }

    /** Returns where the byte at a virtual address lies in the file; -1 if nowhere. */
    private long fileOffset(Files files, Fd file, long address) {
        for (Segment loaded : segments(files, file, PT_LOAD)) {
            if (address >= loaded.address && address < loaded.address + loaded.size) {
                return address - loaded.address + loaded.offset;
            }
        }
        return -1;
    }
}
