// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint.option;

import java.util.Locale;
import java.util.Optional;

/** How packets are kept away from connections meanwhile. Source: criu(8), --network-lock. */
public enum NetworkLock {
    IPTABLES(1),
    NFTABLES(2),
    SKIP(3);

    private final int value;

    NetworkLock(int value) {
        this.value = value;
    }

    /** Returns its number in the options of a request. */
    public int value() {
        return value;
    }

    /** Returns the method that the caller calls {@code word}; empty: there is none. */
    public static Optional<NetworkLock> of(String word) {
        for (NetworkLock lock : values()) {
            if (lock.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(lock);
            }
        }
        return Optional.empty();
    }
}
