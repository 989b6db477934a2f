// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/** {@code SECCOMP_FILTER_FLAG_*}. Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
public enum FilterFlag {
    TSYNC(1 << 0),
    LOG(1 << 1),
    SPEC_ALLOW(1 << 2),
    /** Linux 5.19. */
    WAIT_KILLABLE_RECV(1 << 5);

    private static final String PREFIX = "SECCOMP_FILTER_FLAG_";

    private final int bit;

    FilterFlag(int bit) {
        this.bit = bit;
    }

    /** Returns the bit for seccomp(2). */
    int bit() {
        return bit;
    }

    /** Returns the name in {@code config.json}: {@code SECCOMP_FILTER_FLAG_LOG}. */
    public String specName() {
        return PREFIX + name();
    }
}
