// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

/**
 * A network device. netdevice(7).
 *
 * @param flags {@code IFF_*}
 */
public record Link(int index, String name, int flags) {
    static final int IFF_UP = 1;

    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }
}
