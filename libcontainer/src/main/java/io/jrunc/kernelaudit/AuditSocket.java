// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.netlink.NetlinkMessage;
import io.jrunc.linux.netlink.NetlinkReply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A conversation with the kernel's audit. netlink(7), NETLINK_AUDIT; linux/audit.h. */
final class AuditSocket implements AutoCloseable {
    private static final int AUDIT_GET = 1000;
    private static final int ENABLED = 4; // in struct audit_status

    private static final String UNAVAILABLE = "the kernel's audit log: ";
    private static final String REMEDY = "; leave out --audit-log";

    private final Kernel kernel;
    private final Fd socket;
    private int sequence;

    private AuditSocket(Kernel kernel, Fd socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Opens it, and makes sure that audit is on: the kernel would drop records silently. */
    static AuditSocket open(Kernel kernel) {
        AuditSocket socket;
        try {
            socket = new AuditSocket(kernel, kernel.sockets().netlinkAudit("audit"));
        } catch (Failure f) {
            throw f.is(Errno.EPROTONOSUPPORT)
                    ? unavailable("this kernel has none, see CONFIG_AUDIT" + REMEDY, f)
                    : f;
        }
        try {
            if (!socket.isEnabled()) {
                throw Failure.of(
                        Failure.Code.NO_AUDIT,
                        UNAVAILABLE
                                + "it is off, and the kernel would drop the records; turn it on by"
                                + " auditctl -e 1, or audit=1 at boot");
            }
            return socket;
        } catch (RuntimeException f) {
            socket.close();
            throw f;
        }
    }

    private static Failure unavailable(String why, Throwable cause) {
        return Failure.of(Failure.Code.NO_AUDIT, UNAVAILABLE + why, cause);
    }

    /** The answer may come before or after what else was asked; here nothing else is. */
    private boolean isEnabled() {
        int flags = NetlinkMessage.NLM_F_REQUEST;
        NetlinkReply reply = ask(new NetlinkMessage(AUDIT_GET, flags, new byte[0], "AUDIT_GET"));
        return reply.payload().getInt(ENABLED) != 0;
    }

    /** Sends a record. When this returns, the kernel has taken it. */
    void send(int type, String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        int flags = NetlinkMessage.NLM_F_REQUEST | NetlinkMessage.NLM_F_ACK;
        ask(new NetlinkMessage(type, flags, bytes, text));
    }

    private NetlinkReply ask(NetlinkMessage message) {
        sequence++;
        try {
            kernel.sockets().sendMessage(socket, message.bytes(sequence), message.toString());
            while (true) {
                for (NetlinkReply reply :
                        NetlinkReply.all(kernel.sockets().receiveMessage(socket))) {
                    if (reply.sequence() == sequence) {
                        return answered(reply);
                    }
                }
            }
        } catch (Failure f) {
            throw explained(f);
        }
    }

    private static NetlinkReply answered(NetlinkReply reply) {
        Optional<Errno> error = reply.error();
        if (error.isPresent()) {
            throw Failure.syscall("netlink", "audit", error.get(), "");
        }
        return reply;
    }

    private static Failure explained(Failure f) {
        if (f.is(Errno.EPERM)) {
            return unavailable(
                    "it takes CAP_AUDIT_WRITE, and CAP_AUDIT_CONTROL to see whether it is on, in"
                            + " the host's user and pid namespaces"
                            + REMEDY,
                    f);
        }
        return f.is(Errno.ECONNREFUSED)
                ? unavailable(
                        "audit ignores this network or user namespace; run in the host's" + REMEDY,
                        f)
                : f;
    }

    @Override
    public void close() {
        socket.close();
    }
}
