// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears the records that the kernel's audit takes, by the group AUDIT_NLGRP_READLOG, and turns
 * audit on for as long as it listens. No record is lost on the way, unlike in the kernel's log.
 * Source: linux/audit.h, netlink(7).
 */
public final class AuditLogReader implements AutoCloseable {
    private static final int AUDIT_GET = 1000;
    private static final int AUDIT_SET = 1001;
    private static final int AUDIT_STATUS_ENABLED = 1;
    private static final int AUDIT_NLGRP_READLOG = 1;
    private static final int AF_NETLINK = 16;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int HEAD_BYTES = 16;
    private static final int STATUS_BYTES = 44;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int FIRST_VIRT = 2500;
    private static final int LAST_VIRT = 2599;

    private final Kernel kernel = LocalKernel.get();
    private final Fd asking = kernel.sockets().netlinkAudit("audit");
    private final Fd listening = kernel.sockets().netlinkAudit("audit log");
    private final int enabledBefore;

    public AuditLogReader() {
        Arg address =
                Arg.struct(12, "READLOG").putShort(0, AF_NETLINK).putInt(8, AUDIT_NLGRP_READLOG);
        new Call(kernel, Syscall.BIND, "READLOG", listening, address, Arg.of(12)).submit().result();
        enabledBefore = enabled();
        enable(1);
    }

    /** Whether audit is on (1), off (0), or may not be changed any more (2); -1: there is none. */
    static int state() {
        try (Fd socket = LocalKernel.get().sockets().netlinkAudit("audit")) {
            return enabled(LocalKernel.get(), socket);
        } catch (RuntimeException f) {
            return -1;
        }
    }

    private int enabled() {
        return enabled(kernel, asking);
    }

    private static int enabled(Kernel kernel, Fd socket) {
        kernel.sockets().sendMessage(socket, message(AUDIT_GET, NLM_F_REQUEST, 0), "AUDIT_GET");
        ByteBuffer answer = over(kernel.sockets().receiveMessage(socket));
        if (answer.getShort(4) != AUDIT_GET) {
            throw new IllegalStateException("AUDIT_GET: " + answer.getInt(HEAD_BYTES));
        }
        return answer.getInt(HEAD_BYTES + 4);
    }

    /** Turns audit on or off. */
    public void enable(int enabled) {
        byte[] message = message(AUDIT_SET, NLM_F_REQUEST | NLM_F_ACK, STATUS_BYTES);
        over(message).putInt(HEAD_BYTES, AUDIT_STATUS_ENABLED).putInt(HEAD_BYTES + 4, enabled);
        kernel.sockets().sendMessage(asking, message, "AUDIT_SET");
        int error = over(kernel.sockets().receiveMessage(asking)).getInt(HEAD_BYTES);
        if (error != 0) {
            throw new IllegalStateException("AUDIT_SET: " + Errno.of(-error));
        }
    }

    private static byte[] message(int type, int flags, int payload) {
        byte[] message = new byte[HEAD_BYTES + payload];
        over(message).putInt(message.length).putShort((short) type).putShort((short) flags);
        return message;
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** The next {@code count} records of machines that speak of {@code vm}: type and text. */
    public List<String> next(int count, String vm) {
        List<String> records = new ArrayList<>();
        while (records.size() < count) {
            if (!kernel.processes().awaitReadable(listening, PATIENCE_MILLIS)) {
                throw new AssertionError("no more than " + records);
            }
            byte[] received = kernel.sockets().receiveMessage(listening);
            int type = over(received).getShort(4);
            String text =
                    new String(
                            received,
                            HEAD_BYTES,
                            received.length - HEAD_BYTES,
                            StandardCharsets.UTF_8);
            if (type >= FIRST_VIRT && type <= LAST_VIRT && text.contains(vm)) {
                records.add(type + " " + text.replaceFirst("(?s).* msg='", "").strip());
            }
        }
        return records;
    }

    @Override
    public void close() {
        enable(enabledBefore);
        listening.close();
        asking.close();
    }
}
