// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import io.jrunc.linux.Call;
import io.jrunc.linux.Check;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Operation;
import io.jrunc.linux.Syscall;
import java.util.ArrayDeque;
import java.util.Deque;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** Makes each call at once, in this process and the calling thread, through JNR-FFI. */
public final class LocalKernel implements Kernel {
    private static final int MAX_TRIES = 200;

    private static @Nullable LocalKernel instance;

    private final Libc libc;
    private final Runtime runtime;

    /** Those that no call uses just now: as many as there ever were calls at once. */
    private final Deque<Arena> arenas = new ArrayDeque<>();

    private LocalKernel() {
        // By file name: a bare "c" would be searched for in every library directory.
        libc = loader().load("libc.so.6");
        runtime = Runtime.getRuntime(libc);
    }

    /**
     * Returns what binds libc: our own provider, unless the program has chosen one. That of jnr-ffi
     * generates a class in a module of its own, which may not see {@link Libc}; it takes its time,
     * and passes garbage as a sixth integer argument (jnr-ffi issue 181).
     */
    private static LibraryLoader<Libc> loader() {
        return System.getProperty("jnr.ffi.provider") == null
                ? new LibcProvider().createLibraryLoader(Libc.class)
                : LibraryLoader.create(Libc.class);
    }

    /** Returns the kernel of this process. */
    public static synchronized LocalKernel get() {
        LocalKernel kernel = instance;
        if (kernel == null) {
            kernel = new LocalKernel();
            instance = kernel;
        }
        return kernel;
    }

    @Override
    public void submit(Call call) {
        if (call.isPointless()) {
            call.complete(-Errno.ECANCELED.number());
            return;
        }
        if (call.operation() == ChildOp.CHECK) {
            check(call);
            return;
        }
        // One thread may wait in a call for days: others must not have to wait for it.
        Arena arena = takeArena();
        long answer;
        try {
            answer = make(call, arena);
        } finally {
            giveBack(arena);
        }
        call.complete(answer);
        if (call.isFailure(answer)) {
            throw call.failure(answer);
        }
    }

    private static void check(Call call) {
        call.complete(Check.answer(call));
        if (call.isFailure(call.result())) {
            throw call.failure(call.result());
        }
    }

    private synchronized Arena takeArena() {
        return arenas.isEmpty() ? new Arena(libc, runtime) : arenas.pop();
    }

    private synchronized void giveBack(Arena arena) {
        arenas.push(arena);
    }

    @Override
    public void flush() {
        // Nothing is ever deferred here.
    }

    @Override
    public Kernel bornOf(Call clone, String processName) {
        throw new IllegalStateException("a JVM cannot clone itself");
    }

    @Override
    public void finish() {
        throw new IllegalStateException("a JVM does not become another program");
    }

    @Override
    public void close() {
        throw new IllegalStateException(NO_CONVERSATION);
    }

    Libc libc() {
        return libc;
    }

    private long make(Call call, Arena arena) {
        long[] w = arena.place(call.args());
        boolean isShort = call.args().length <= 5;
        int number = call.operation().number();
        long answer;
        int tries = 0;
        do {
            long result =
                    isShort
                            ? libc.syscall(number, w[0], w[1], w[2], w[3], w[4])
                            : libc.syscall(number, w[0], w[1], w[2], w[3], w[4], w[5]);
            answer = result == -1 ? -runtime.getLastError() : result;
        } while (isTriedAgain(call.operation(), answer, ++tries));
        arena.readBack();
        return answer;
    }

    /** As in {@code batch.c}, so that all kernels try the same calls again. */
    private static boolean isTriedAgain(Operation operation, long answer, int tries) {
        if (answer == -Errno.EINTR.number()) {
            return operation != Syscall.CLOSE;
        }
        // Renames and mounts elsewhere on the host got in the way of ".."; see openat2(2).
        return answer == -Errno.EAGAIN.number()
                && operation == Syscall.OPENAT2
                && tries < MAX_TRIES;
    }
}
