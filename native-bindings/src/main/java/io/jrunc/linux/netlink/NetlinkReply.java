// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message of the kernel. Source: netlink(7).
 *
 * @param payload structure and attributes
 */
public record NetlinkReply(int type, int flags, int sequence, ByteBuffer payload) {
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int TYPE_MASK = 0x3fff;

    /** Returns the messages in what was received. */
    public static List<NetlinkReply> all(byte[] received) {
        List<NetlinkReply> replies = new ArrayList<>();
        ByteBuffer bytes = NetlinkMessage.over(received);
        int at = 0;
        while (at + NetlinkMessage.HEAD_BYTES <= received.length) {
            int length = bytes.getInt(at);
            if (length < NetlinkMessage.HEAD_BYTES || length > received.length - at) {
                throw Failure.of(
                        Failure.Code.PROTOCOL, "netlink: a message of the kernel is cut off");
            }
            ByteBuffer payload =
                    bytes.slice(at + NetlinkMessage.HEAD_BYTES, length - NetlinkMessage.HEAD_BYTES);
            replies.add(
                    new NetlinkReply(
                            bytes.getShort(at + 4) & 0xffff,
                            bytes.getShort(at + 6) & 0xffff,
                            bytes.getInt(at + 8),
                            payload.order(ByteOrder.nativeOrder())));
            at += NetlinkMessage.aligned(length);
        }
        return replies;
    }

    /**
     * Returns whether no more messages answer the request: it failed, was done, or the list is
     * complete.
     */
    boolean isLast() {
        return type == NLMSG_ERROR || type == NLMSG_DONE;
    }

    /** Returns whether the list changed during the answer. */
    boolean isInterrupted() {
        return (flags & NLM_F_DUMP_INTR) != 0;
    }

    /** Returns the error; empty if it is none. */
    public Optional<Errno> error() {
        int error = isLast() && payload.capacity() >= Integer.BYTES ? payload.getInt(0) : 0;
        return error < 0 ? Optional.of(Errno.of(-error)) : Optional.empty();
    }

    /** Returns what the kernel has to say about the error; empty if it says nothing. */
    String explanation() {
        if (type != NLMSG_ERROR || (flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        // After the number comes the request, or only its head.
        int request =
                (flags & NLM_F_CAPPED) != 0
                        ? NetlinkMessage.HEAD_BYTES
                        : NetlinkMessage.aligned(payload.getInt(Integer.BYTES));
        return attribute(Integer.BYTES + request, NLMSGERR_ATTR_MSG)
                .map(NetlinkReply::string)
                .orElse("");
    }

    /**
     * Returns the value of an attribute; empty if it is not there.
     *
     * @param from where the attributes begin, which is the size of the structure before them
     */
    Optional<byte[]> attribute(int from, int wanted) {
        int at = NetlinkMessage.aligned(from);
        while (at + NetlinkMessage.ATTRIBUTE_HEAD_BYTES <= payload.capacity()) {
            int length = payload.getShort(at) & 0xffff;
            if (length < NetlinkMessage.ATTRIBUTE_HEAD_BYTES || length > payload.capacity() - at) {
                throw Failure.of(
                        Failure.Code.PROTOCOL, "netlink: an attribute of the kernel is cut off");
            }
            if ((payload.getShort(at + 2) & TYPE_MASK) == wanted) {
                byte[] value = new byte[length - NetlinkMessage.ATTRIBUTE_HEAD_BYTES];
                payload.get(at + NetlinkMessage.ATTRIBUTE_HEAD_BYTES, value);
                return Optional.of(value);
            }
            at += NetlinkMessage.aligned(length);
        }
        return Optional.empty();
    }

    /** Returns a string without the zero byte that ends it. */
    static String string(byte[] value) {
        int end = value.length > 0 && value[value.length - 1] == 0 ? 1 : 0;
        return new String(value, 0, value.length - end, StandardCharsets.UTF_8);
    }
}
