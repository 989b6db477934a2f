package io.jrunc.network;

/**
 * A network device. netdevice(7).
 *
 * @param flags {@code IFF_*}
 */
record Link(int index, String name, int flags) {
    static final int IFF_UP = 1;

    boolean isUp() {
        return (flags & IFF_UP) != 0;
    }
}
