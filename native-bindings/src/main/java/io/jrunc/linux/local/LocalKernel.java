package io.jrunc.linux.local;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Makes each call at once, in this process and the calling thread, through JNR-FFI. */
public final class LocalKernel implements Kernel {
    private static final int ARENA_BYTES = 1 << 16;

    private static LocalKernel instance;

    private final Libc libc;
    private final Runtime runtime;

    /** Where arguments lie during a call; from {@link #used} on it is free. */
    private Pointer arena;

    private long arenaSize;
    private long arenaAddress;
    private int used;
    private final List<Written> outputs = new ArrayList<>();

    /** An output and where the call will have written it. */
    private record Written(Arg.Out out, int offset) {}

    private LocalKernel() {
        // jnr-ffi's own x86-64 stubs pass garbage as a sixth integer argument (jnr-ffi issue 181).
        if (System.getProperty("jnr.ffi.x86asm.enabled") == null) {
            System.setProperty("jnr.ffi.x86asm.enabled", "false");
        }
        // By file name: a bare "c" would be searched for in every library directory.
        libc = LibraryLoader.create(Libc.class).load("libc.so.6");
        runtime = Runtime.getRuntime(libc);
        allocate(ARENA_BYTES);
    }

    /** The kernel of this process. */
    public static synchronized LocalKernel get() {
        if (instance == null) {
            instance = new LocalKernel();
        }
        return instance;
    }

    @Override
    public synchronized void submit(Call call) {
        if (dependsOnFailure(call.args())) {
            call.complete(-Errno.ECANCELED.number());
            return;
        }
        long answer = make(call);
        call.complete(answer);
        if (call.isFailure(answer)) {
            throw call.failure(answer);
        }
    }

    @Override
    public void flush() {
        // Nothing is ever deferred here.
    }

    @Override
    public Kernel bornOf(Call clone, String who) {
        throw new IllegalStateException("a JVM cannot clone itself");
    }

    @Override
    public void finish() {
        throw new IllegalStateException("a JVM does not become another program");
    }

    @Override
    public void close() {
        throw new IllegalStateException("this process is not told what to do");
    }

    Libc libc() {
        return libc;
    }

    private long make(Call call) {
        Arg[] args = call.args();
        reserve(args);
        long[] w = new long[6];
        for (int i = 0; i < args.length; i++) {
            w[i] = place(args[i]);
        }
        int number = call.operation().number();
        long answer;
        do {
            long result = libc.syscall(number, w[0], w[1], w[2], w[3], w[4], w[5]);
            answer = result == -1 ? -runtime.getLastError() : result;
        } while (answer == -Errno.EINTR.number() && call.operation() != Syscall.CLOSE);
        for (int i = 0; i < outputs.size(); i++) {
            byte[] bytes = outputs.get(i).out().bytes();
            arena.get(outputs.get(i).offset(), bytes, 0, bytes.length);
        }
        return answer;
    }

    private static boolean dependsOnFailure(Arg[] args) {
        for (Arg arg : args) {
            if (arg instanceof Fd fd && fd.opener() != null && fd.opener().result() < 0) {
                return true;
            }
        }
        return false;
    }

    /** Clears the arena and makes it large enough, before any address in it is handed out. */
    private void reserve(Arg[] args) {
        used = 0;
        outputs.clear();
        long needed = 0;
        for (Arg arg : args) {
            needed += bytesNeeded(arg);
        }
        if (needed > arenaSize) {
            libc.free(arenaAddress);
            allocate(Math.max(needed, 2 * arenaSize));
        }
    }

    private void allocate(long size) {
        arenaSize = size;
        arenaAddress = libc.malloc(size);
        arena = Pointer.wrap(runtime, arenaAddress, size);
    }

    private static long bytesNeeded(Arg arg) {
        if (arg instanceof Arg.Data data) {
            return Arg.aligned(data.bytes().length);
        }
        if (arg instanceof Arg.Out out) {
            return Arg.aligned(out.bytes().length);
        }
        if (arg instanceof Arg.Struct struct) {
            long needed = Arg.aligned(struct.bytes().length);
            for (Arg.Struct.Patch patch : struct.patches()) {
                needed += bytesNeeded(patch.value());
            }
            return needed;
        }
        return 0;
    }

    /** The word to pass for {@code arg}; what it points to is in the arena. */
    private long place(Arg arg) {
        if (arg instanceof Arg.Word word) {
            return word.value();
        }
        if (arg instanceof Arg.Flags flags) {
            return io.jrunc.linux.Flag.bits(flags.set());
        }
        if (arg instanceof Arg.Octal octal) {
            return octal.value();
        }
        if (arg instanceof Fd fd) {
            return fd.number();
        }
        if (arg instanceof Arg.Data data) {
            return arenaAddress + copy(data.bytes());
        }
        if (arg instanceof Arg.Out out) {
            int offset = copy(out.bytes());
            outputs.add(new Written(out, offset));
            return arenaAddress + offset;
        }
        return arenaAddress + copy(completed((Arg.Struct) arg));
    }

    private byte[] completed(Arg.Struct struct) {
        byte[] bytes = struct.bytes().clone();
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (Arg.Struct.Patch patch : struct.patches()) {
            long word = place(patch.value());
            if (patch.size() == 4) {
                fields.putInt(patch.offset(), (int) word);
            } else {
                fields.putLong(patch.offset(), word);
            }
        }
        return bytes;
    }

    private int copy(byte[] bytes) {
        int offset = used;
        arena.put(offset, bytes, 0, bytes.length);
        used += Arg.aligned(bytes.length);
        return offset;
    }
}
