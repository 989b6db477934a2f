// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes no call and answers as a kernel would on which everything goes well, so that the code which
 * sets up a container can be followed on paper.
 */
public final class DryRunKernel implements Kernel {
    private static final int FIRST_FD = 3;
    private static final int PID = 4242;
    private static final int STATX_MASK = 0x7ff;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFDIR = 0040000;
    private static final int ELF_HEAD_BYTES = 64;
    private static final int ELF_MAGIC = 0x464c457f;
    private static final byte ELF_64_BIT = 2;
    private static final byte ELF_LITTLE_ENDIAN = 1;
    private static final int ELF_MACHINE = 18;
    private static final short ELF_X86_64 = 62;
    private static final short ELF_ARM64 = 183;
    private static final long DEVPTS_SUPER_MAGIC = 0x1cd1;
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    private static final int S_IFREG = 0100000;

    private final String processName;
    private final Consumer<String> lines;
    private final Map<String, Node> nodes;
    private final Map<String, String> programs = new HashMap<>();
    private final DryRunNetlink netlink = new DryRunNetlink();
    private int nextFd = FIRST_FD;

    /** A device node that would have been made. */
    private record Node(int mode, int major, int minor) {}

    /** Prints the calls that {@code processName} would make. */
    public DryRunKernel(String processName, Consumer<String> lines) {
        this(processName, lines, new HashMap<>());
        assume("/dev/null", S_IFCHR | 0666, 1, 3); // a bind of a whole /dev contains it
    }

    private DryRunKernel(String processName, Consumer<String> lines, Map<String, Node> nodes) {
        this.processName = processName;
        this.lines = lines;
        this.nodes = nodes;
    }

    /** Another process that sees the same files. */
    public DryRunKernel beside(String other) {
        return new DryRunKernel(other, lines, nodes);
    }

    @Override
    public void assume(String path, int mode, int major, int minor) {
        nodes.put(path, new Node(mode, major, minor));
    }

    @Override
    public void submit(Call call) {
        if (call.isPointless()) {
            call.complete(-Errno.ECANCELED.number());
            return;
        }
        call.complete(answer(call));
        if (call.operation() == ChildOp.CLONE || call.operation() == ChildOp.ATTACH) {
            call.attach(Fd.of(this, nextFd++, call.subject()));
        }
        if (call.operation() != Syscall.CLOSE) {
            lines.accept(processName + "  " + call + " = " + call.result());
        }
    }

    @Override
    public void flush() {
        // Nothing is ever deferred here.
    }

    @Override
    public Kernel bornOf(Call clone, String born) {
        return beside(born);
    }

    @Override
    public void finish() {
        // It would have become the program.
    }

    @Override
    public void finishWhile(Consumer<Kernel> lastCalls, Consumer<Fd> meanwhile) {
        lastCalls.accept(this);
        meanwhile.accept(Fd.of(this, 0, processName));
    }

    @Override
    public void leave(Consumer<Kernel> lastCalls) {
        lastCalls.accept(this);
    }

    @Override
    public byte[] record(Consumer<Kernel> calls) {
        calls.accept(this);
        return new byte[0];
    }

    @Override
    public void close() {
        // There is no process to talk to.
    }

    private long answer(Call call) {
        if (call.operation() == ChildOp.CLONE) {
            return PID;
        }
        if (!(call.operation() instanceof Syscall syscall)) {
            return 0;
        }
        return switch (syscall) {
            case OPENAT,
                    OPENAT2,
                    OPEN_TREE,
                    FSOPEN,
                    FSMOUNT,
                    FSPICK,
                    SOCKET,
                    ACCEPT4,
                    MEMFD_CREATE,
                    PIDFD_OPEN,
                    BPF,
                    PIDFD_GETFD,
                    DUP3 ->
                    nextFd++;
            case MKNODAT -> rememberNode(call);
            case FSTATFS -> describeFileSystem(call);
            case PREAD64 -> readProgram(call);
            case CAPGET -> allCapabilities(call);
            case WAIT4 -> ((Arg.Word) call.args()[0]).value();
            case PPOLL -> 1;
            case FACCESSAT2 -> findProgram(call);
            case STATX -> describe(call);
            case WRITE -> lastWord(call);
            case SENDTO -> netlink.take((Arg.Data) call.args()[1]);
            case RECVFROM -> netlink.answer((Arg.Out) call.args()[1]);
            case SENDMSG -> lengthOfMessage(call);
            default -> 0;
        };
    }

    private long rememberNode(Call call) {
        int mode = (int) ((Arg.Octal) call.args()[2]).value();
        long device = lastWord(call); // packed as Files.mknod does
        int minor = (int) (device & 0xff | device >> 12 & ~0xffL);
        nodes.put(call.subject(), new Node(mode, (int) (device >> 8 & 0xfff), minor));
        return 0;
    }

    /** Terminals and what a process may set for itself lie in file systems of their own. */
    private static long describeFileSystem(Call call) {
        long type =
                call.subject().contains("/dev/pts")
                        ? DEVPTS_SUPER_MAGIC
                        : call.subject().startsWith("/proc/thread-self/") ? PROC_SUPER_MAGIC : 0;
        ((Arg.Out) call.args()[1]).buffer().putLong(0, type);
        return 0;
    }

    /** What is read from an offset is the head of a program: a static one for this machine. */
    private static long readProgram(Call call) {
        ByteBuffer head = ((Arg.Out) call.args()[1]).buffer();
        if (head.capacity() < ELF_HEAD_BYTES) {
            return 0;
        }
        head.putInt(0, ELF_MAGIC).put(4, ELF_64_BIT).put(5, ELF_LITTLE_ENDIAN);
        head.putShort(ELF_MACHINE, Machine.ARM64 ? ELF_ARM64 : ELF_X86_64);
        return ELF_HEAD_BYTES;
    }

    /** Returns all of it is sent: what the first vector of the {@code struct msghdr} says. */
    private static long lengthOfMessage(Call call) {
        Arg.Struct message = (Arg.Struct) call.args()[1];
        Arg.Struct vector = (Arg.Struct) message.patches().get(0).value();
        return ByteBuffer.wrap(vector.bytes()).order(ByteOrder.nativeOrder()).getLong(8);
    }

    private static long allCapabilities(Call call) {
        Arrays.fill(((Arg.Out) call.args()[1]).bytes(), (byte) -1);
        return 0;
    }

    /** The first directory in which a program is looked for has it, and no other. */
    private long findProgram(Call call) {
        String path = call.subject();
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean isFirst = programs.putIfAbsent(name, path) == null;
        if (!isFirst && !programs.get(name).equals(path)) {
            return -Errno.ENOENT.number();
        }
        nodes.put(path, new Node(S_IFREG | 0755, 0, 0));
        return 0;
    }

    /** Whatever is looked at is a directory of root's, unless it would have been made by now. */
    private long describe(Call call) {
        ByteBuffer statx = ((Arg.Out) call.args()[4]).buffer();
        Node node = nodes.getOrDefault(call.subject(), new Node(S_IFDIR | 0755, 0, 0));
        statx.putInt(0, STATX_MASK);
        statx.putLong(8, STATX_ATTR_MOUNT_ROOT); // callers only ask about mounts
        statx.putShort(28, (short) node.mode);
        statx.putLong(32, call.subject().hashCode() & 0xffffffffL); // other names, other files
        statx.putInt(128, node.major);
        statx.putInt(132, node.minor);
        return 0;
    }

    private static long lastWord(Call call) {
        Arg last = call.args()[call.args().length - 1];
        return last instanceof Arg.Word word ? word.value() : 0;
    }
}
