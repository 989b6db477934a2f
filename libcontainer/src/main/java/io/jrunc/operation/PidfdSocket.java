// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends a descriptor of a process to the listener of {@code --pidfd-socket}, as runc does. */
final class PidfdSocket {
    /** What the message of {@code run.oci.pidfd_receiver} says. */
    static final String CRUNS = " ";

    private PidfdSocket() {}

    /**
     * Sends one message with the descriptor beside it.
     *
     * @param caller the process in which {@code path} means what the caller meant
     * @param kind {@code standard} for a container's first process, {@code setns} for another
     */
    static void send(Kernel caller, String path, int pid, String kind) {
        try (Fd socket = caller.sockets().unixStream(path);
                Fd pidfd = LocalKernel.get().processes().openPid(pid)) {
            if (!pidfd.isOpen()) {
                throw Failure.syscall("pidfd_open", "pid " + pid, Errno.ESRCH, "it has ended");
            }
            caller.sockets().connect(socket, path);
            caller.sockets().send(socket, kind.getBytes(StandardCharsets.UTF_8), List.of(pidfd));
        }
    }
}
