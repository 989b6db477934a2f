// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/**
 * Numbers of system calls by name and architecture.
 *
 * <p>All data are string constants: nothing is parsed or built before the first question, and the
 * numbers of an architecture are not even loaded before it is asked about. A resource would have to
 * be read from the jar, whose opening alone takes a cold JVM some 10 ms.
 *
 * <pre>
 *   NAMES     "accept accept4 access …"          each name ends with a blank
 *   OFFSETS   where name i begins in NAMES, and one more for the end
 *   SLOTS     hash table, linear probing: i + 1 at a slot from hashCode() on; 0 is an empty slot
 *   X86_64, … for name i: 0 no such call; below 0xf000 the number + 1 (less the bit that all x32
 *             calls have); above, a private call of ARM: 0xf000 stands for 0xf0000
 * </pre>
 */
public final class SyscallTable {
    /** Set in the number of each x32 call: {@code __X32_SYSCALL_BIT}. */
    public static final int X32_BIT = 1 << 30;

    /** The answer for a name that the architecture, or the table, does not have. */
    public static final int ABSENT = -1;

    private static final int PRIVATE_CODE = 0xf000;
    private static final int PRIVATE_NUMBER = 0xf_0000;

    private SyscallTable() {}

    /**
     * Returns the index of a name, the same for all architectures; {@link #ABSENT} for an unknown
     * one.
     */
    public static int indexOf(String name) {
        String slots = SyscallData.SLOTS;
        int slot = name.hashCode() & (SyscallData.SLOT_COUNT - 1);
        while (slots.charAt(slot) != 0) {
            int index = slots.charAt(slot) - 1;
            int start = SyscallData.OFFSETS.charAt(index);
            int length = SyscallData.OFFSETS.charAt(index + 1) - 1 - start;
            if (length == name.length() && SyscallData.NAMES.startsWith(name, start)) {
                return index;
            }
            slot = (slot + 1) & (SyscallData.SLOT_COUNT - 1);
        }
        return ABSENT;
    }

    /** Returns how many names there are; indexes are below. */
    public static int count() {
        return SyscallData.COUNT;
    }

    /** Returns the name with an index. */
    public static String name(int index) {
        return SyscallData.NAMES.substring(
                SyscallData.OFFSETS.charAt(index), SyscallData.OFFSETS.charAt(index + 1) - 1);
    }

    /** Returns the number that a filter sees, or {@link #ABSENT}. */
    public static int number(Architecture architecture, int index) {
        if (index == ABSENT) {
            return ABSENT;
        }
        int code = numbers(architecture).charAt(index);
        if (code == 0) {
            return ABSENT;
        }
        if (code >= PRIVATE_CODE) {
            return code - PRIVATE_CODE + PRIVATE_NUMBER;
        }
        return architecture == Architecture.X32 ? (code - 1) | X32_BIT : code - 1;
    }

    private static String numbers(Architecture architecture) {
        return switch (architecture) {
            case X86 -> SyscallData.X86;
            case X86_64 -> SyscallData.X86_64;
            case X32 -> SyscallData.X32;
            case ARM -> SyscallData.ARM;
            case AARCH64 -> SyscallData.AARCH64;
            case MIPS, MIPSEL -> SyscallData.MIPS;
            case MIPS64, MIPSEL64 -> SyscallData.MIPS64;
            case MIPS64N32, MIPSEL64N32 -> SyscallData.MIPS64N32;
            case PPC -> SyscallData.PPC;
            case PPC64, PPC64LE -> SyscallData.PPC64;
            case S390 -> SyscallData.S390;
            case S390X -> SyscallData.S390X;
            case PARISC -> SyscallData.PARISC;
            case PARISC64 -> SyscallData.PARISC64;
            case RISCV64 -> SyscallData.RISCV64;
            case LOONGARCH64 -> SyscallData.LOONGARCH64;
            case M68K -> SyscallData.M68K;
            case SH, SHEB -> SyscallData.SH;
        };
    }
}
