package io.jrunc.linux.local;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** posix_spawn(3): starts a program without copying this JVM's memory, as fork(2) would. */
public final class PosixSpawn {
    /** The number of the control socket in the program that is started. */
    public static final int CONTROL = 3;

    private static final int ACTIONS_BYTES = 128;

    private PosixSpawn() {}

    /**
     * Starts {@code program} with its control socket as descriptor {@link #CONTROL}. It has 0 to 2
     * as well, and what the JVM has opened without CLOEXEC. Returns the pid.
     */
    public static int spawn(Fd program, Fd control) {
        Libc libc = LocalKernel.get().libc();
        byte[] path = ("/proc/self/fd/" + program.number() + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] argument = (CONTROL + "\0").getBytes(StandardCharsets.UTF_8);
        long block = libc.malloc(512);
        Pointer memory = Pointer.wrap(Runtime.getSystemRuntime(), block, 512);
        try {
            long pid = block;
            long argv = block + 8;
            long envp = argv + 16;
            long actions = block + 64;
            long pathAt = actions + ACTIONS_BYTES;
            long argumentAt = pathAt + path.length;
            ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
            head.putLong(8, pathAt).putLong(16, argumentAt);
            memory.put(0, head.array(), 0, 64);
            memory.put(pathAt - block, path, 0, path.length);
            memory.put(argumentAt - block, argument, 0, argument.length);
            libc.posix_spawn_file_actions_init(actions);
            libc.posix_spawn_file_actions_adddup2(actions, control.number(), CONTROL);
            int error = libc.posix_spawn(pid, pathAt, actions, 0, argv, envp + 8);
            libc.posix_spawn_file_actions_destroy(actions);
            if (error != 0) {
                throw Failure.syscall("posix_spawn", program.name(), Errno.of(error), "");
            }
            return memory.getInt(0);
        } finally {
            libc.free(block);
        }
    }
}
