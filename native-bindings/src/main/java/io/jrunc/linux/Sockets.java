// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Unix sockets, and descriptors that travel over them; netlink sockets. unix(7), netlink(7). */
public final class Sockets {
    private static final int AF_UNIX = 1;
    private static final int AF_NETLINK = 16;
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_AUDIT = 9;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SCM_CREDENTIALS = 2;
    private static final int CREDENTIALS_BYTES = 12;
    private static final int MSG_PEEK = 2;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MAX_PATH_BYTES = 107;
    private static final int MAX_DESCRIPTORS = 253;
    private static final int CONTROL_HEAD_BYTES = 16;

    /** No message of the kernel is longer: NLMSG_GOODSIZE in linux/netlink.h, at most 32 KiB. */
    private static final int NETLINK_BYTES = 1 << 15;

    private final Kernel kernel;

    Sockets(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Two connected stream sockets. socketpair(2). */
    public Fd[] pair(String name) {
        return pair(name, stream());
    }

    /** Two connected sockets that keep messages apart. socketpair(2), SOCK_SEQPACKET. */
    public Fd[] packetPair(String name) {
        return pair(name, Arg.of(SOCK_SEQPACKET | SOCK_CLOEXEC));
    }

    private Fd[] pair(String name, Arg type) {
        Arg.Out both = Arg.out(8);
        call(Syscall.SOCKETPAIR, name, unix(), type, Arg.of(0), both).submit().result();
        ByteBuffer numbers = both.buffer();
        return new Fd[] {
            Fd.of(kernel, numbers.getInt(0), name), Fd.of(kernel, numbers.getInt(4), name)
        };
    }

    /** Returns a stream socket, for {@link #bind} or {@link #connect}. socket(2). */
    public Fd unixStream(String name) {
        Call call = call(Syscall.SOCKET, name, unix(), stream(), Arg.of(0)).submit();
        return Fd.openedBy(call, kernel, name);
    }

    /** Returns a datagram socket, for {@link #bind} or {@link #connect}. socket(2). */
    public Fd unixDatagram(String name) {
        return datagram(AF_UNIX, name);
    }

    /** Returns a datagram socket of another family, to name interfaces in ioctl(2). socket(2). */
    public Fd datagram(int family, String name) {
        Arg type = Arg.of(SOCK_DGRAM | SOCK_CLOEXEC);
        Call call = call(Syscall.SOCKET, name, Arg.of(family), type, Arg.of(0)).submit();
        return Fd.openedBy(call, kernel, name);
    }

    /**
     * Returns a socket to talk with the kernel about this process's network namespace; it explains
     * errors in words. rtnetlink(7).
     */
    public Fd netlink(String name) {
        Arg type = Arg.of(SOCK_RAW | SOCK_CLOEXEC);
        Call call = call(Syscall.SOCKET, name, Arg.of(AF_NETLINK), type, Arg.of(NETLINK_ROUTE));
        Fd socket = Fd.openedBy(call.submit(), kernel, name);
        set(socket, "NETLINK_CAP_ACK", NETLINK_CAP_ACK);
        set(socket, "NETLINK_EXT_ACK", NETLINK_EXT_ACK);
        return socket;
    }

    /**
     * Returns a socket to talk with the kernel's audit; EPROTONOSUPPORT: this kernel has none.
     * netlink(7), NETLINK_AUDIT.
     */
    public Fd netlinkAudit(String name) {
        Arg type = Arg.of(SOCK_RAW | SOCK_CLOEXEC);
        Call call = call(Syscall.SOCKET, name, Arg.of(AF_NETLINK), type, Arg.of(NETLINK_AUDIT));
        return Fd.openedBy(call.submit(), kernel, name);
    }

    private void set(Fd socket, String name, int option) {
        Arg on = Arg.struct(4, "1").putInt(0, 1);
        Arg[] args = {socket, Arg.of(SOL_NETLINK), Arg.of(option), on, Arg.of(4)};
        call(Syscall.SETSOCKOPT, name, args).submit();
    }

    /** Sends one message to the peer, or over a netlink socket to the kernel. sendto(2). */
    public void sendMessage(Fd socket, byte[] message, String shown) {
        Arg data = Arg.data(message, "{" + shown + "}");
        Arg length = Arg.of(message.length);
        Arg[] args = {socket, data, length, Arg.of(0), Arg.NULL, Arg.of(0)};
        call(Syscall.SENDTO, socket.name(), args).submit();
    }

    /** Waits for one message, of 32 KiB at most. recvfrom(2). */
    public byte[] receiveMessage(Fd socket) {
        Arg.Out data = Arg.out(NETLINK_BYTES);
        Arg[] args = {socket, data, Arg.of(NETLINK_BYTES), Arg.of(MSG_TRUNC), Arg.NULL, Arg.NULL};
        long length = call(Syscall.RECVFROM, socket.name(), args).submit().result();
        if (length > NETLINK_BYTES) {
            throw Failure.of(
                    Failure.Code.PROTOCOL, socket.name() + ": a message has " + length + " bytes");
        }
        return Arrays.copyOf(data.bytes(), (int) length);
    }

    /** Gives the socket a name in the file system. bind(2). */
    public void bind(Fd socket, String path) {
        call(Syscall.BIND, path, socket, address(path), Arg.of(addressLength(path))).submit();
    }

    /** listen(2). */
    public void listen(Fd socket, int backlog) {
        call(Syscall.LISTEN, socket.name(), socket, Arg.of(backlog)).submit();
    }

    /** Waits for a peer. accept4(2). */
    public Fd accept(Fd socket) {
        Arg none = Arg.NULL;
        Arg flags = Arg.of(SOCK_CLOEXEC);
        Call call = call(Syscall.ACCEPT4, socket.name(), socket, none, none, flags).submit();
        return Fd.openedBy(call, kernel, socket.name());
    }

    /**
     * A process, by its pid in this process's pid namespace, 0 if it has none there, and its
     * effective ids. struct ucred, unix(7).
     */
    public record Peer(int pid, int uid, int gid) {
        static Peer at(ByteBuffer credentials, int offset) {
            return new Peer(
                    credentials.getInt(offset),
                    credentials.getInt(offset + 4),
                    credentials.getInt(offset + 8));
        }
    }

    /** Returns the process that connected the other end, as it was then. SO_PEERCRED, unix(7). */
    public Peer peer(Fd socket) {
        Arg.Out peer = Arg.out(CREDENTIALS_BYTES);
        Arg length = Arg.struct(4, "12").putInt(0, CREDENTIALS_BYTES);
        Arg[] args = {socket, Arg.of(SOL_SOCKET), Arg.of(SO_PEERCRED), peer, length};
        call(Syscall.GETSOCKOPT, socket.name(), args).submit().result();
        return Peer.at(peer.buffer(), 0);
    }

    /**
     * Sets whether the kernel adds its sender to what is sent from now on. SO_PASSCRED, unix(7).
     */
    public void identifySenders(Fd socket, boolean on) {
        Arg value = Arg.struct(4, on ? "1" : "0").putInt(0, on ? 1 : 0);
        setOption(socket, SO_PASSCRED, value, 4);
    }

    /** Limits how long a receive waits, EAGAIN; 0 is no limit. SO_RCVTIMEO, socket(7). */
    public void limitWaiting(Fd socket, long millis) {
        Arg value =
                Arg.struct(16, millis + " ms")
                        .putLong(0, millis / 1000)
                        .putLong(8, millis % 1000 * 1000);
        setOption(socket, SO_RCVTIMEO, value, 16);
    }

    private void setOption(Fd socket, int option, Arg value, int length) {
        Arg[] args = {socket, Arg.of(SOL_SOCKET), Arg.of(option), value, Arg.of(length)};
        call(Syscall.SETSOCKOPT, socket.name(), args).submit();
    }

    /**
     * Waits for a byte, leaves it where it is, and returns which process sent it, after {@link
     * #identifySenders}; absent: the other end was closed. SCM_CREDENTIALS, unix(7).
     */
    public Optional<Peer> peekSender(Fd socket) {
        Arg.Out data = Arg.out(1);
        // Without room for descriptors, the kernel installs none.
        Arg.Out control = Arg.out(Arg.aligned(CONTROL_HEAD_BYTES + CREDENTIALS_BYTES));
        Arg.Struct message = Arg.struct(56, "msghdr");
        Arg.Struct vector = Arg.struct(16, "iovec").put(0, data).putLong(8, 1);
        message.put(16, vector).putLong(24, 1).put(32, control).putLong(40, control.bytes().length);
        Call call =
                call(Syscall.RECVMSG, socket.name(), socket, message, Arg.of(MSG_PEEK))
                        .tolerate(Errno.ECONNRESET);
        long count = call.submit().result();
        if (count <= 0 || control.buffer().getInt(12) != SCM_CREDENTIALS) {
            return Optional.empty();
        }
        return Optional.of(Peer.at(control.buffer(), CONTROL_HEAD_BYTES));
    }

    /** Ends both directions, also for processes that wait at it. shutdown(2). */
    public void shutDown(Fd socket) {
        call(Syscall.SHUTDOWN, socket.name(), socket, Arg.of(2 /* SHUT_RDWR */))
                .tolerate(Errno.ENOTCONN)
                .submit();
    }

    /**
     * connect(2); ECONNREFUSED: no process listens there.
     *
     * @param path of a socket; with "@" before it, a name that is no path: unix(7), "abstract"
     */
    public void connect(Fd socket, String path) {
        call(Syscall.CONNECT, path, socket, address(path), Arg.of(addressLength(path))).submit();
    }

    /**
     * Sends all the bytes, and the descriptors beside the first. sendmsg(2), EPIPE: peer is gone.
     */
    public void send(Fd socket, byte[] bytes, List<Fd> descriptors) {
        int sent = 0;
        while (sent < bytes.length) {
            byte[] rest = bytes;
            if (sent > 0) {
                rest = new byte[bytes.length - sent];
                System.arraycopy(bytes, sent, rest, 0, rest.length);
            }
            Arg data = Arg.data(rest, "[" + rest.length + " bytes]");
            Arg.Struct message = message(data, rest.length);
            if (sent == 0 && !descriptors.isEmpty()) {
                addRights(message, descriptors);
            }
            Arg flags = Arg.of(MSG_NOSIGNAL);
            sent +=
                    (int)
                            call(Syscall.SENDMSG, socket.name(), socket, message, flags)
                                    .submit()
                                    .result();
        }
    }

    /**
     * Reads at most {@code length} bytes. recvmsg(2).
     *
     * @param received takes the descriptors that came along
     * @return what came; empty at the end of the stream
     */
    public byte[] receive(Fd socket, int length, List<Fd> received) {
        Arg.Out data = Arg.out(length);
        Arg.Out control = Arg.out(CONTROL_HEAD_BYTES + 4 * MAX_DESCRIPTORS + 4);
        Arg.Struct message = Arg.struct(56, "msghdr");
        Arg.Struct vector = Arg.struct(16, "iovec").put(0, data).putLong(8, length);
        message.put(16, vector).putLong(24, 1).put(32, control).putLong(40, control.bytes().length);
        Arg flags = Arg.of(MSG_CMSG_CLOEXEC);
        Call call = call(Syscall.RECVMSG, socket.name(), socket, message, flags);
        int count = (int) call.tolerate(Errno.ECONNRESET).submit().result();
        if (count <= 0) {
            return new byte[0];
        }
        ByteBuffer fields = control.buffer();
        long controlLength = fields.getLong(0);
        for (int at = CONTROL_HEAD_BYTES; at + 4 <= controlLength; at += 4) {
            received.add(Fd.of(kernel, fields.getInt(at), socket.name()));
        }
        byte[] bytes = new byte[count];
        System.arraycopy(data.bytes(), 0, bytes, 0, count);
        return bytes;
    }

    /** Reads exactly {@code length} bytes; empty if the stream ends before the first of them. */
    public Optional<byte[]> receiveFully(Fd socket, int length, List<Fd> received) {
        byte[] bytes = new byte[length];
        int have = 0;
        while (have < length) {
            byte[] part = receive(socket, length - have, received);
            if (part.length == 0) {
                if (have == 0) {
                    return Optional.empty();
                }
                throw Failure.of(
                        Failure.Code.PROTOCOL, socket.name() + " ended in the middle of a message");
            }
            System.arraycopy(part, 0, bytes, have, part.length);
            have += part.length;
        }
        return Optional.of(bytes);
    }

    /** Has the descriptors travel with the message. SCM_RIGHTS, unix(7). */
    private static void addRights(Arg.Struct message, List<Fd> descriptors) {
        int length = CONTROL_HEAD_BYTES + 4 * descriptors.size();
        Arg.Struct control = Arg.struct(Arg.aligned(length), new ArrayList<>(descriptors));
        control.putLong(0, length).putInt(8, 1 /* SOL_SOCKET */).putInt(12, 1 /* SCM_RIGHTS */);
        for (int i = 0; i < descriptors.size(); i++) {
            control.putFd(CONTROL_HEAD_BYTES + 4 * i, descriptors.get(i));
        }
        message.put(32, control).putLong(40, control.bytes().length);
    }

    private static Arg.Struct message(Arg data, int length) {
        Arg.Struct vector = Arg.struct(16, "iovec").put(0, data).putLong(8, length);
        return Arg.struct(56, data).put(16, vector).putLong(24, 1);
    }

    private static Arg address(String path) {
        byte[] bytes = Strings.encode(path);
        if (bytes.length > MAX_PATH_BYTES) {
            throw Failure.invalid(
                    "socket path",
                    "\"" + path + "\" is longer than " + MAX_PATH_BYTES + " bytes",
                    "use a shorter directory");
        }
        ByteBuffer family = ByteBuffer.allocate(2).order(ByteOrder.nativeOrder());
        family.putShort((short) AF_UNIX);
        Arg.Struct address = Arg.struct(addressLength(path), "\"" + path + "\"");
        if (isAbstract(path)) {
            bytes[0] = 0;
        }
        return address.putBytes(0, family.array()).putBytes(2, bytes);
    }

    /** A path ends in a zero byte; an abstract name begins with one, and has no other. */
    private static int addressLength(String path) {
        int end = isAbstract(path) ? 0 : 1;
        return 2 + Strings.encode(path).length + end;
    }

    private static boolean isAbstract(String path) {
        return path.startsWith("@");
    }

    private static Arg unix() {
        return Arg.of(AF_UNIX);
    }

    private static Arg stream() {
        return Arg.of(SOCK_STREAM | SOCK_CLOEXEC);
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
