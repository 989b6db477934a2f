// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.Bundle;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Mount;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import io.jrunc.state.StateDirectory;
import java.util.List;
import java.util.Optional;

/**
 * The socket on which a container's program reports that it is ready, as services do to systemd: in
 * the state directory, and visible inside by a mount of its directory. The command that starts the
 * container binds it. Source: sd_notify(3); runc's {@code NOTIFY_SOCKET}.
 */
public final class ReadinessSocket {
    static final String INSIDE = "/run/notify";
    private static final List<String> OPTIONS = List.of("bind", "nosuid", "noexec", "nodev", "ro");
    private static final int DIRECTORY_MODE = 0755;
    private static final int ALL_USERS = 0777;

    private ReadinessSocket() {}

    /** What to make instead of {@code bundle}, whose state directory is at {@code path}. */
    public static Bundle offer(Bundle bundle, String path) {
        if (bundle.spec().process().isEmpty()) {
            return bundle;
        }
        ProcessSpec process = bundle.spec().process().get();
        Mount mount =
                new Mount(
                        INSIDE,
                        Optional.of("bind"),
                        Optional.of(path + "/" + StateDirectory.NOTIFY_DIRECTORY),
                        OPTIONS,
                        List.of(),
                        List.of());
        Spec spec =
                bundle.spec()
                        .with(
                                process.withVariables(
                                        List.of("NOTIFY_SOCKET=" + INSIDE + "/notify.sock")),
                                mount);
        return new Bundle(bundle.directory(), bundle.config(), spec, bundle.warnings());
    }

    /** Makes room for it; open to all, as the state directory above it is not. */
    static void prepare(StateDirectory state) {
        state.makeDirectory(StateDirectory.NOTIFY_DIRECTORY, DIRECTORY_MODE);
    }

    /** Binds it; empty if the container was created without one. */
    public static Optional<Fd> bind(Kernel kernel, StateDirectory state) {
        if (!state.has(StateDirectory.NOTIFY_DIRECTORY)) {
            return Optional.empty();
        }
        state.remove(StateDirectory.NOTIFY_SOCKET); // of a start that failed
        Fd socket = kernel.sockets().unixDatagram(StateDirectory.NOTIFY_SOCKET);
        try {
            kernel.sockets().bind(socket, state.socketPath(StateDirectory.NOTIFY_SOCKET));
            state.allow(StateDirectory.NOTIFY_SOCKET, ALL_USERS); // the program may run as any user
            kernel.flush();
            return Optional.of(socket);
        } catch (RuntimeException f) {
            socket.close();
            throw f;
        }
    }
}
