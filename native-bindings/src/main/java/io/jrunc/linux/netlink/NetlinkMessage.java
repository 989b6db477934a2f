// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to the kernel: a head, the structure that its type calls for, and attributes. Source:
 * netlink(7), rtnetlink(7).
 *
 * <pre>
 *   0        4      6       8          12     16
 *   | length | type | flags | sequence | port | structure | attribute | attribute | …
 *
 *   an attribute, padded to a multiple of 4:   0        2      4
 *                                              | length | type | value
 * </pre>
 */
public final class NetlinkMessage {
    static final int HEAD_BYTES = 16;
    static final int ATTRIBUTE_HEAD_BYTES = 4;

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_ACK = 0x4;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_CREATE_EXCL = 0x600;

    private final int type;
    private final int flags;
    private final byte[] structure;
    private final String shown;
    private final List<Attribute> attributes = new ArrayList<>();

    private record Attribute(int type, byte[] value) {}

    /**
     * A message without attributes.
     *
     * @param shown what it asks for, for traces and messages
     */
    public NetlinkMessage(int type, int flags, byte[] structure, String shown) {
        this.type = type;
        this.flags = flags;
        this.structure = structure;
        this.shown = shown;
    }

    /** Adds an attribute that is a sequence of bytes. */
    NetlinkMessage with(int attribute, byte[] value) {
        attributes.add(new Attribute(attribute, value));
        return this;
    }

    /** Adds an attribute that is a number of 32 bits. */
    NetlinkMessage with(int attribute, int value) {
        byte[] bytes = new byte[Integer.BYTES];
        over(bytes).putInt(value);
        return with(attribute, bytes);
    }

    /** Adds an attribute that is a string, ended by a zero byte. */
    NetlinkMessage with(int attribute, String value) {
        return with(attribute, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether the kernel answers with any number of messages. */
    boolean isDump() {
        return (flags & NLM_F_DUMP) == NLM_F_DUMP;
    }

    /** Returns what is sent. */
    public byte[] bytes(int sequence) {
        int length = HEAD_BYTES + aligned(structure.length);
        for (Attribute attribute : attributes) {
            length += aligned(ATTRIBUTE_HEAD_BYTES + attribute.value.length);
        }
        byte[] message = new byte[length];
        ByteBuffer bytes = over(message);
        bytes.putInt(length).putShort((short) type).putShort((short) flags);
        bytes.putInt(sequence).putInt(0);
        bytes.put(structure);
        bytes.position(HEAD_BYTES + aligned(structure.length));
        for (Attribute attribute : attributes) {
            int start = bytes.position();
            int size = ATTRIBUTE_HEAD_BYTES + attribute.value.length;
            bytes.putShort((short) size).putShort((short) attribute.type).put(attribute.value);
            bytes.position(start + aligned(size));
        }
        return message;
    }

    /** NLMSG_ALIGN and RTA_ALIGN: up to a multiple of 4. */
    static int aligned(int length) {
        return (length + 3) & ~3;
    }

    /** Returns the bytes, to read and write numbers as this machine does. */
    static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public String toString() {
        return shown;
    }
}
