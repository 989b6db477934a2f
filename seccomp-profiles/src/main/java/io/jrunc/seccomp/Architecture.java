// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.linux.Machine;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An instruction set and its calling convention. Source: runtime-spec config-linux.md#seccomp. */
public enum Architecture {
    X86(0x4000_0003),
    X86_64(0xc000_003e),
    /** Shares the value of {@link #X86_64}: only bit 30 of the call's number distinguishes them. */
    X32(0xc000_003e),
    ARM(0x4000_0028),
    AARCH64(0xc000_00b7),
    MIPS(0x0000_0008),
    MIPS64(0x8000_0008),
    MIPS64N32(0xa000_0008),
    MIPSEL(0x4000_0008),
    MIPSEL64(0xc000_0008),
    MIPSEL64N32(0xe000_0008),
    PPC(0x0000_0014),
    PPC64(0x8000_0015),
    PPC64LE(0xc000_0015),
    S390(0x0000_0016),
    S390X(0x8000_0016),
    PARISC(0x0000_000f),
    PARISC64(0x8000_000f),
    RISCV64(0xc000_00f3),
    LOONGARCH64(0xc000_0102),
    M68K(0x0000_0004),
    SH(0x4000_002a),
    SHEB(0x0000_002a);

    private static final String PREFIX = "SCMP_ARCH_";

    // The __AUDIT_ARCH_* bits of linux/audit.h.
    private static final int WIDE = 0x8000_0000;
    private static final int LITTLE_ENDIAN = 0x4000_0000;
    private static final int MIPS_N32 = 0x2000_0000;

    private final int auditArch;

    Architecture(int auditArch) {
        this.auditArch = auditArch;
    }

    /** That of programs for this machine. */
    public static Architecture ofThisMachine() {
        return Machine.name().equals("aarch64") ? AARCH64 : X86_64;
    }

    /**
     * Whose call it is that the kernel shows with this {@code AUDIT_ARCH_*} value and number; empty
     * if it is none of these.
     */
    public static Optional<Architecture> of(int auditArch, int number) {
        if (auditArch == X86_64.auditArch) {
            boolean x32 = number != -1 && (number & SyscallTable.X32_BIT) != 0;
            return Optional.of(x32 ? X32 : X86_64);
        }
        for (Architecture architecture : values()) {
            if (architecture.auditArch == auditArch) {
                return Optional.of(architecture);
            }
        }
        return Optional.empty();
    }

    /** Returns those whose programs this machine may run. */
    public static List<Architecture> runnableHere() {
        return ofThisMachine() == AARCH64 ? List.of(AARCH64, ARM) : List.of(X86_64, X86, X32);
    }

    /** Returns the name in {@code config.json}: {@code SCMP_ARCH_X86_64}. */
    public String specName() {
        return PREFIX + name();
    }

    /**
     * Returns the name in {@code includes.arches} of an engine's profile. Source: moby/profiles.
     */
    public String engineName() {
        return switch (this) {
            case X86_64 -> "amd64";
            case AARCH64 -> "arm64";
            case LOONGARCH64 -> "loong64";
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /**
     * Returns the one with that name in {@code config.json}, in an engine's profile, or in {@code
     * uname -m}.
     */
    public static Optional<Architecture> named(String name) {
        for (Architecture architecture : values()) {
            if (architecture.specName().equals(name)
                    || architecture.engineName().equals(name)
                    || architecture.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(architecture);
            }
        }
        return Optional.empty();
    }

    /** Returns the {@code AUDIT_ARCH_*} value that the kernel shows to a filter; linux/audit.h. */
    public int auditArch() {
        return auditArch;
    }

    /** Returns whether arguments have 64 bits; else a filter looks at the low 32 only. */
    public boolean hasWideArguments() {
        return (auditArch & WIDE) != 0 && (auditArch & MIPS_N32) == 0 && this != X32;
    }

    /** Returns the order of bytes in {@code struct seccomp_data}. */
    public ByteOrder order() {
        return isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    public boolean isLittleEndian() {
        return (auditArch & LITTLE_ENDIAN) != 0;
    }
}
