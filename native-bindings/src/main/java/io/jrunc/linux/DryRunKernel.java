package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Makes no call and answers as a kernel would on which everything goes well, so that the code which
 * sets up a container can be followed on paper.
 */
public final class DryRunKernel implements Kernel {
    private static final int FIRST_FD = 3;
    private static final int PID = 4242;
    private static final int STATX_MASK = 0x7ff;
    private static final int S_IFDIR = 0040000;

    private final String who;
    private final Consumer<String> lines;
    private int nextFd = FIRST_FD;

    /** Prints what {@code who} would do. */
    public DryRunKernel(String who, Consumer<String> lines) {
        this.who = who;
        this.lines = lines;
    }

    @Override
    public void submit(Call call) {
        call.complete(answer(call));
        if (call.operation() == Special.CLONE || call.operation() == Special.ATTACH) {
            call.attach(Fd.of(this, nextFd++, call.subject()));
        }
        if (call.operation() != Syscall.CLOSE) {
            lines.accept(who + "  " + call + " = " + call.result());
        }
    }

    @Override
    public void flush() {
        // Nothing is ever deferred here.
    }

    @Override
    public Kernel bornOf(Call clone, String born) {
        return new DryRunKernel(born, lines);
    }

    private long answer(Call call) {
        if (call.operation() == Special.CLONE) {
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
                    DUP3 ->
                    nextFd++;
            case STATX -> describeDirectory(call);
            case WRITE -> lastWord(call);
            default -> 0;
        };
    }

    /** Whatever is looked at is a directory of root's. */
    private static long describeDirectory(Call call) {
        ByteBuffer statx = ((Arg.Out) call.args()[4]).buffer();
        statx.putInt(0, STATX_MASK);
        statx.putShort(28, (short) (S_IFDIR | 0755));
        return 0;
    }

    private static long lastWord(Call call) {
        Arg last = call.args()[call.args().length - 1];
        return last instanceof Arg.Word word ? word.value() : 0;
    }
}
