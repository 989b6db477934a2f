// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Answers what is asked over netlink sockets, as a kernel would that has every device it is asked
 * for and no others: netlink(7).
 */
final class DryRunNetlink {
    private static final int HEAD_BYTES = 16;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP = 0x300;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int IFF_UP = 1;
    private static final int INDEX = 2;

    private int type;
    private int flags;
    private int sequence;

    long take(Arg.Data message) {
        ByteBuffer head = ByteBuffer.wrap(message.bytes()).order(ByteOrder.nativeOrder());
        type = head.getShort(4);
        flags = head.getShort(6);
        sequence = head.getInt(8);
        return message.bytes().length;
    }

    long answer(Arg.Out reply) {
        ByteBuffer bytes = reply.buffer();
        if ((flags & NLM_F_DUMP) == NLM_F_DUMP) {
            head(bytes, NLMSG_DONE, 4).putInt(0);
            return bytes.position();
        }
        if (type == RTM_GETLINK) {
            head(bytes, RTM_NEWLINK, IFINFOMSG_BYTES);
            bytes.putInt(0).putInt(INDEX).putInt(IFF_UP).putInt(0);
        }
        head(bytes, NLMSG_ERROR, 4 + HEAD_BYTES).putInt(0);
        bytes.position(bytes.position() + HEAD_BYTES); // that of the request
        return bytes.position();
    }

    private ByteBuffer head(ByteBuffer bytes, int kind, int payload) {
        bytes.putInt(HEAD_BYTES + payload).putShort((short) kind).putShort((short) 0);
        return bytes.putInt(sequence).putInt(0);
    }
}
