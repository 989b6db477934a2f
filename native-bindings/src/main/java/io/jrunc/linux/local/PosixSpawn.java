// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
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
     * Starts {@code program} with its control socket as descriptor {@link #CONTROL}. Descriptors 0
     * to 2 are /dev/null: those of the JVM are its own. It has what the JVM has opened without
     * CLOEXEC. Returns the pid.
     */
    public static int spawn(Fd program, Fd control) {
        Files files = LocalKernel.get().files();
        // Copies have numbers above 2, or the one would take the place of the other.
        try (Fd nothing = files.open("/dev/null", OpenFlag.RDWR);
                Fd streams = LocalKernel.get().descriptors().duplicate(nothing);
                Fd conversation = LocalKernel.get().descriptors().duplicate(control)) {
            return spawn(program, conversation, streams);
        }
    }

    private static int spawn(Fd program, Fd control, Fd streams) {
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
            for (int number = 0; number < CONTROL; number++) {
                libc.posix_spawn_file_actions_adddup2(actions, streams.number(), number);
            }
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
