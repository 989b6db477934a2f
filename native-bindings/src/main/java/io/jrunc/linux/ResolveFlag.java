// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The {@code RESOLVE_*} bits of openat2(2): where a path may lead. */
public enum ResolveFlag implements Flag {
    NO_XDEV(0x1L),
    NO_MAGICLINKS(0x2L),
    NO_SYMLINKS(0x4L),
    BENEATH(0x8L),
    IN_ROOT(0x10L);

    private final long bit;

    ResolveFlag(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return "RESOLVE_" + name();
    }
}
