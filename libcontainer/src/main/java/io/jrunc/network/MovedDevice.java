// SPDX-License-Identifier: Apache-2.0
package io.jrunc.network;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.netlink.Address;
import io.jrunc.linux.netlink.Link;
import io.jrunc.linux.netlink.Rtnetlink;
import io.jrunc.setup.Rollback;
import java.util.List;

/** A device on its way into a container, and the way back. */
final class MovedDevice implements Rollback.Action {
    private final Namespaces namespaces;
    private final Link device;
    private final List<Address> addresses;
    private final String target;

    /** Its index in the container; 0 while it is not there. */
    private int indexInside;

    /**
     * A device that has not moved yet.
     *
     * @param addresses all that it has
     * @param target its name in the container, perhaps with {@code %d}
     */
    MovedDevice(Namespaces namespaces, Link device, List<Address> addresses, String target) {
        this.namespaces = namespaces;
        this.device = device;
        this.addresses = addresses;
        this.target = target;
    }

    /** Moves it; it keeps what a device has of its own, and addresses that mean the same there. */
    void move() {
        int free = freeIndex(namespaces.inside(), device.index());
        if (device.isUp()) {
            // A device that is up cannot be renamed.
            namespaces.outside().setUp(device.index(), device.name(), false);
        }
        namespaces.outside().move(device, namespaces.container(), target, free);
        indexInside = free;
        for (Address address : addresses) {
            if (address.isGlobalAndPermanent()) {
                namespaces.inside().add(address, indexInside, target);
            }
        }
        namespaces.inside().setUp(indexInside, target, true);
    }

    /** Brings it back, under its name and with its addresses. */
    @Override
    public void undo() {
        Rtnetlink outside = namespaces.outside();
        int index = device.index();
        if (indexInside != 0) {
            Rtnetlink inside = namespaces.inside();
            index = freeIndex(outside, device.index());
            inside.setUp(indexInside, target, false);
            inside.move(new Link(indexInside, target, 0), namespaces.host(), device.name(), index);
        }
        if (device.isUp()) {
            outside.setUp(index, device.name(), true);
        }
        for (Address address : addresses) {
            giveBack(address, index);
        }
    }

    /** IPv6 addresses are lost when a device goes down, all when it moves. */
    private void giveBack(Address address, int index) {
        try {
            namespaces.outside().add(address, index, device.name());
        } catch (Failure f) {
            if (!f.is(Errno.EEXIST)) {
                throw f; // the others are of no use without it
            }
        }
    }

    /** Returns the index that it has, or the first one beyond those that there are. */
    private static int freeIndex(Rtnetlink place, int wanted) {
        int last = 0;
        boolean taken = false;
        for (Link link : place.links()) {
            last = Math.max(last, link.index());
            taken |= link.index() == wanted;
        }
        return taken ? last + 1 : wanted;
    }
}
