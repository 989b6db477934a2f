package io.jrunc.seccomp;

/** An instruction set and its calling convention. Source: runtime-spec config-linux.md#seccomp. */
public enum Architecture {
    X86,
    X86_64,
    X32,
    ARM,
    AARCH64,
    MIPS,
    MIPS64,
    MIPS64N32,
    MIPSEL,
    MIPSEL64,
    MIPSEL64N32,
    PPC,
    PPC64,
    PPC64LE,
    S390,
    S390X,
    PARISC,
    PARISC64,
    RISCV64,
    LOONGARCH64,
    M68K,
    SH,
    SHEB;

    private static final String PREFIX = "SCMP_ARCH_";

    /** The name in {@code config.json}: {@code SCMP_ARCH_X86_64}. */
    public String specName() {
        return PREFIX + name();
    }
}
