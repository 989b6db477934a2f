// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;

/**
 * The service manager that has set {@code NOTIFY_SOCKET} and waits until the container is ready:
 * systemd, for units with {@code Type=notify}. Source: sd_notify(3).
 *
 * @param socket connected to it
 */
record ServiceManager(Fd socket) implements AutoCloseable {
    private static final String VARIABLE = "NOTIFY_SOCKET";

    /** Returns whether a manager waits. */
    static boolean isThere(Request request) {
        return !request.variable(VARIABLE).isEmpty();
    }

    /**
     * Returns the waiting manager, or null. A variable with an invalid socket may be a leftover,
     * and is no reason to refuse a container.
     */
    static ServiceManager of(Context context) {
        if (!isThere(context.request())) {
            return null;
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
            return new ServiceManager(socket);
        } catch (Failure f) {
            socket.close();
            context.log().warn(VARIABLE + ": " + f.getMessage() + ", ignoring");
            return null;
        }
    }

    /** Makes the launcher, the service's main process, forward the container's readiness. */
    void forwardFrom(Container supervised, Launcher launcher) {
        launcher.relayReadiness(supervised.readiness(), socket, null, launcher.pid());
    }

    /**
     * As {@link #forwardFrom}; the main process will be the container's, and the launcher waits.
     */
    void awaitReady(Container container, Launcher launcher) {
        if (container.readiness() == null) {
            return; // no manager waited when it was created
        }
        // If init has ended already, there is only what it has said until then.
        try (Fd init = container.openInit()) {
            int pid = container.initPid();
            launcher.relayReadiness(container.readiness(), socket, init, pid);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
