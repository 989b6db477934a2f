// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;

/**
 * Whoever has set {@code NOTIFY_SOCKET} and waits to hear that the service, our container, is
 * ready: systemd, for units with {@code Type=notify}. Source: sd_notify(3).
 *
 * @param socket connected to it
 */
record ServiceManager(Fd socket) implements AutoCloseable {
    private static final String VARIABLE = "NOTIFY_SOCKET";

    /** Whether anybody waits. */
    static boolean isThere(Request request) {
        return !request.variable(VARIABLE).isEmpty();
    }

    /**
     * The one that waits; null if nobody does. A variable that leads nowhere may be a leftover, and
     * is no reason not to run a container.
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

    /** Has the launcher, which is the service's main process, tell when the container is ready. */
    void hearFrom(Container supervised, Launcher launcher) {
        launcher.relayReadiness(supervised.readiness(), socket, null, launcher.pid());
    }

    /** As {@link #hearFrom}; the main process will be the container's, and the launcher waits. */
    void awaitReady(Container container, Launcher launcher) {
        if (container.readiness() == null) {
            return; // it was created when nobody waited
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
