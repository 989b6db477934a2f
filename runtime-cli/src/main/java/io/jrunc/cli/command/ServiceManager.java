// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.Optional;

/**
 * The service manager that has set {@code NOTIFY_SOCKET} and waits until the container is ready:
 * systemd, for units with {@code Type=notify}. Source: sd_notify(3).
 *
 * @param socket connected to it; empty if no manager waits
 */
record ServiceManager(Optional<Fd> socket) implements AutoCloseable {
    private static final String VARIABLE = "NOTIFY_SOCKET";

    /** Returns whether the caller has named a socket. */
    static boolean isThere(Request request) {
        return !request.variable(VARIABLE).isEmpty();
    }

    /**
     * Connects to the manager, if one waits. A variable with an invalid socket may be a leftover,
     * and is no reason to refuse a container.
     */
    static ServiceManager of(Context context) {
        if (!isThere(context.request())) {
            return new ServiceManager(Optional.empty());
        }
        String address = context.request().variable(VARIABLE);
        Kernel kernel = context.kernel();
        Fd socket = kernel.sockets().unixDatagram(VARIABLE);
        try {
            if (!address.startsWith("/") && !address.startsWith("@")) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "\"" + address + "\" is neither an absolute path nor @NAME");
            }
            kernel.sockets().connect(socket, address);
            kernel.flush();
            return new ServiceManager(Optional.of(socket));
        } catch (Failure f) {
            socket.close();
            context.log().warn(VARIABLE + ": " + f.getMessage() + ", ignoring");
            return new ServiceManager(Optional.empty());
        }
    }

    /** Returns whether a manager waits. */
    boolean waits() {
        return socket.isPresent();
    }

    /**
     * Makes the launcher, the service's main process, forward the container's readiness, if a
     * manager waits.
     */
    void forwardFrom(Container supervised, Launcher launcher) {
        if (socket.isPresent()) {
            Fd manager = socket.get();
            int pid = launcher.pid();
            Fd readiness = supervised.readiness().orElseThrow();
            launcher.relayReadiness(readiness, manager, Optional.empty(), pid);
        }
    }

    /**
     * As {@link #forwardFrom}; the main process will be the container's, and the launcher waits.
     */
    void awaitReady(Container container, Launcher launcher) {
        Optional<Fd> readiness = container.readiness();
        if (socket.isEmpty() || readiness.isEmpty()) {
            return; // no manager waits, or none waited when it was created
        }
        // If init has ended already, there is only what it has said until then.
        Optional<Fd> init = container.openInit();
        try {
            launcher.relayReadiness(readiness.get(), socket.get(), init, container.initPid());
        } finally {
            init.ifPresent(Fd::close);
        }
    }

    @Override
    public void close() {
        if (socket.isPresent()) {
            socket.get().close();
        }
    }
}
