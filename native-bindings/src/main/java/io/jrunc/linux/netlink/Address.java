// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import java.util.Optional;

/**
 * An address of a device, as {@code struct ifaddrmsg} and its attributes have it. rtnetlink(7).
 *
 * @param family AF_INET or AF_INET6
 * @param flags {@code IFA_F_*}
 * @param scope 0 is the whole network
 * @param index of the device
 * @param address that of the peer, or of the device itself
 * @param lifetime {@code struct ifa_cacheinfo}: how long it is valid
 * @param local that of the device itself; absent if {@code address} is
 */
public record Address(
        int family,
        int prefixLength,
        int flags,
        int scope,
        int index,
        byte[] address,
        Optional<byte[]> lifetime,
        Optional<byte[]> local,
        Optional<byte[]> broadcast) {
    private static final int IFA_F_PERMANENT = 0x80;

    /**
     * {@code NODAD}, {@code OPTIMISTIC}, {@code HOMEADDRESS}, {@code MANAGETEMPADDR}, {@code
     * NOPREFIXROUTE} and {@code MCAUTOJOIN}: what an administrator sets. The others are the
     * kernel's remarks.
     */
    private static final int CHOSEN_FLAGS = 0x716;

    /** Returns whether it stays valid in another namespace: permanent, and of global scope. */
    public boolean isGlobalAndPermanent() {
        return scope == 0 && (flags & IFA_F_PERMANENT) != 0;
    }

    /** Returns the flags that it was given with. */
    int chosenFlags() {
        return flags & CHOSEN_FLAGS;
    }
}
