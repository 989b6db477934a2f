// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The {@code O_*} bits of openat(2); CLOEXEC is always added. */
public enum OpenFlag implements Flag {
    RDONLY(0),
    WRONLY(1),
    RDWR(2),
    CREAT(0100),
    EXCL(0200),
    NOCTTY(0400),
    TRUNC(01000),
    APPEND(02000),
    NONBLOCK(04000),
    SYNC(04010000),
    /** Its number is one of the few that differ between architectures. */
    DIRECTORY(Machine.ARM64 ? 040000 : 0200000),
    NOFOLLOW(Machine.ARM64 ? 0100000 : 0400000),
    CLOEXEC(02000000),
    PATH(010000000);

    private final long bit;

    OpenFlag(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return "O_" + name();
    }
}
