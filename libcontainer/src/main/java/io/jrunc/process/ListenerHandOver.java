// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.spec.ContainerProcessState;
import io.jrunc.spec.OciState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Sends a seccomp filter's notification descriptor to its listener.
 *
 * <pre>
 *   runtime                    init                         listener
 *      | connect                                               |
 *      | ----------------------------------------------------> |
 *      | its last calls        |                               |
 *      | --------------------> |  loads the filter             |
 *      | pidfd_getfd(2)        |  await_listener: is notified  |
 *      | state and descriptor                                  |
 *      | ----------------------------------------------------> |
 *      | answer: go on         |                               |
 *      | --------------------> |  execve                       |
 * </pre>
 *
 * <p>Init makes no other call between loading and execve(2): a profile may notify of, or forbid,
 * each call that it would need. Source: runtime-spec config-linux.md#seccomp; {@code
 * docs/adr/0007}.
 */
public final class ListenerHandOver implements AutoCloseable {
    private final Kernel kernel;
    private final Seccomp profile;
    private final Fd socket;
    private int number;

    private ListenerHandOver(Kernel kernel, Seccomp profile, Fd socket) {
        this.kernel = kernel;
        this.profile = profile;
        this.socket = socket;
    }

    /** Connects to the listener that the profile names. */
    public static ListenerHandOver to(Kernel kernel, Seccomp profile) {
        String path = profile.listenerPath().orElseThrow();
        Fd socket = kernel.sockets().unixStream(path);
        try {
            kernel.sockets().connect(socket, path);
        } catch (Failure f) {
            socket.close();
            throw f.during("linux.seccomp.listenerPath");
        }
        return new ListenerHandOver(kernel, profile, socket);
    }

    /**
     * Learns from {@code init}, before it has a filter, which number its descriptor will have.
     * Where the runtime can fetch it only from a process that may be traced, it may be from now on:
     * {@link GiveUpPrivileges} has seen to it that only the runtime may.
     */
    public void prepare(Kernel init) {
        if (!GiveUpPrivileges.mayTraceUndumpable(kernel)) {
            init.processes().setDumpable(true);
        }
        try (Fd lowest = init.files().open("/", OpenFlag.PATH)) {
            number = lowest.number();
        }
        init.flush();
    }

    /**
     * Waits until init has loaded its filter, sends the descriptor, and lets init continue.
     *
     * @param sent the state that the listener receives
     * @param pid the process that loads the filter
     * @param control the socket on which it reports a failure
     */
    public void handOver(OciState sent, int pid, Fd control) {
        try (Fd init = kernel.processes().openPid(pid);
                SeccompListener listener =
                        SeccompListener.of(kernel, init, number, control).orElse(null)) {
            if (listener == null) {
                return; // the process did not come that far
            }
            Optional<Notifications.Question> call = listener.awaitCall();
            if (call.isPresent()) {
                listener.takeFrom(call.get(), number);
                send(sent, pid, listener.descriptor());
                listener.letGoOn(call.get());
            }
        }
    }

    private void send(OciState sent, int pid, Fd descriptor) {
        ContainerProcessState process =
                new ContainerProcessState(profile.listenerMetadata(), pid, sent);
        byte[] json = process.compact().getBytes(StandardCharsets.UTF_8);
        try {
            kernel.sockets().send(socket, json, List.of(descriptor));
            socket.close(); // a listener may read to the end before it answers
        } catch (Failure f) {
            throw f.during("linux.seccomp.listenerPath");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
