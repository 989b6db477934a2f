package io.jrunc.container;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hands a descriptor of a process to whoever listens on {@code --pidfd-socket}, as runc does. */
final class PidfdSocket {
    private PidfdSocket() {}

    /**
     * Sends one message with the descriptor beside it.
     *
     * @param kind {@code standard} for a container's first process, {@code setns} for another
     */
    static void send(Kernel kernel, String path, int pid, String kind) {
        try (Fd socket = kernel.sockets().unixStream(path);
                Fd pidfd = kernel.processes().openPid(pid)) {
            if (!pidfd.isOpen()) {
                throw Failure.syscall("pidfd_open", "pid " + pid, Errno.ESRCH, "it has ended");
            }
            kernel.sockets().connect(socket, path);
            kernel.sockets().send(socket, kind.getBytes(StandardCharsets.UTF_8), List.of(pidfd));
        }
    }
}
