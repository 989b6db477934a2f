// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import io.jrunc.linux.Fd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What can be asked about the devices of one network namespace. rtnetlink(7). */
public final class Rtnetlink implements AutoCloseable {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int IFADDRMSG_BYTES = 8;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_NET_NS_FD = 28;

    /** Linux 5.13. */
    private static final int IFLA_NEW_IFINDEX = 49;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int REQUEST = NetlinkMessage.NLM_F_REQUEST | NetlinkMessage.NLM_F_ACK;
    private static final int DUMP = NetlinkMessage.NLM_F_REQUEST | NetlinkMessage.NLM_F_DUMP;

    private final Netlink netlink;

    public Rtnetlink(Netlink netlink) {
        this.netlink = netlink;
    }

    /** Returns the device called {@code name}; ENODEV if there is none. */
    public Link find(String name) {
        NetlinkMessage message =
                new NetlinkMessage(RTM_GETLINK, REQUEST, ifinfomsg(0, 0, 0), "RTM_GETLINK")
                        .with(IFLA_IFNAME, name);
        return link(netlink.ask(message, name).get(0), name);
    }

    /** Returns all devices. */
    public List<Link> links() {
        NetlinkMessage message =
                new NetlinkMessage(RTM_GETLINK, DUMP, ifinfomsg(0, 0, 0), "RTM_GETLINK");
        List<Link> links = new ArrayList<>();
        for (NetlinkReply reply : netlink.ask(message, "all devices")) {
            links.add(link(reply, ""));
        }
        return links;
    }

    /**
     * Reads a device from a reply; its primary name counts, also if an alternative name found it.
     */
    private static Link link(NetlinkReply reply, String asked) {
        ByteBuffer message = reply.payload();
        String name =
                reply.attribute(IFINFOMSG_BYTES, IFLA_IFNAME)
                        .map(NetlinkReply::string)
                        .orElse(asked);
        return new Link(message.getInt(4), name, message.getInt(8));
    }

    /** Returns all addresses of the device. */
    public List<Address> addresses(Link link) {
        NetlinkMessage message =
                new NetlinkMessage(RTM_GETADDR, DUMP, new byte[IFADDRMSG_BYTES], "RTM_GETADDR");
        List<Address> addresses = new ArrayList<>();
        for (NetlinkReply reply : netlink.ask(message, link.name())) {
            Address address = address(reply);
            if (address.index() == link.index()) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static Address address(NetlinkReply reply) {
        ByteBuffer message = reply.payload();
        int flags =
                reply.attribute(IFADDRMSG_BYTES, IFA_FLAGS)
                        .map(wide -> NetlinkMessage.over(wide).getInt())
                        .orElse(message.get(2) & 0xff);
        return new Address(
                message.get(0) & 0xff,
                message.get(1) & 0xff,
                flags,
                message.get(3) & 0xff,
                message.getInt(4),
                reply.attribute(IFADDRMSG_BYTES, IFA_ADDRESS).orElse(new byte[0]),
                reply.attribute(IFADDRMSG_BYTES, IFA_CACHEINFO),
                reply.attribute(IFADDRMSG_BYTES, IFA_LOCAL),
                reply.attribute(IFADDRMSG_BYTES, IFA_BROADCAST));
    }

    /** Switches the device off or on. */
    public void setUp(int index, String name, boolean up) {
        byte[] structure = ifinfomsg(index, up ? Link.IFF_UP : 0, Link.IFF_UP);
        String shown = up ? "RTM_NEWLINK up" : "RTM_NEWLINK down";
        netlink.request(new NetlinkMessage(RTM_NEWLINK, REQUEST, structure, shown), name);
    }

    /**
     * Moves the device to another network namespace and gives it a name there, both or neither.
     *
     * @param target may contain {@code %d}, for which the kernel puts the first free number
     * @param targetIndex its index there, which must be free
     */
    public void move(Link link, Fd namespace, String target, int targetIndex) {
        NetlinkMessage message =
                new NetlinkMessage(
                                RTM_NEWLINK,
                                REQUEST,
                                ifinfomsg(link.index(), 0, 0),
                                "RTM_NEWLINK to " + namespace + " as " + target)
                        .with(IFLA_NET_NS_FD, namespace.number())
                        .with(IFLA_IFNAME, target)
                        .with(IFLA_NEW_IFINDEX, targetIndex);
        netlink.request(message, link.name());
    }

    /** Gives the device {@code index} an address that another one had. */
    public void add(Address address, int index, String name) {
        byte[] structure = new byte[IFADDRMSG_BYTES];
        ByteBuffer fields = NetlinkMessage.over(structure);
        fields.put((byte) address.family()).put((byte) address.prefixLength());
        fields.put((byte) address.chosenFlags()).put((byte) address.scope()).putInt(index);
        NetlinkMessage message =
                new NetlinkMessage(
                                RTM_NEWADDR,
                                REQUEST | NetlinkMessage.NLM_F_CREATE_EXCL,
                                structure,
                                "RTM_NEWADDR")
                        .with(IFA_ADDRESS, address.address())
                        .with(IFA_FLAGS, address.chosenFlags());
        address.lifetime().ifPresent(bytes -> message.with(IFA_CACHEINFO, bytes));
        address.local().ifPresent(bytes -> message.with(IFA_LOCAL, bytes));
        address.broadcast().ifPresent(bytes -> message.with(IFA_BROADCAST, bytes));
        netlink.request(message, name);
    }

    private static byte[] ifinfomsg(int index, int flags, int change) {
        byte[] structure = new byte[IFINFOMSG_BYTES];
        NetlinkMessage.over(structure).putInt(4, index).putInt(8, flags).putInt(12, change);
        return structure;
    }

    @Override
    public void close() {
        netlink.close();
    }
}
