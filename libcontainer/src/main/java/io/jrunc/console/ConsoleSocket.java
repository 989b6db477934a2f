// SPDX-License-Identifier: Apache-2.0
package io.jrunc.console;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends a terminal to the listener of {@code --console-socket}, as runc does. */
public final class ConsoleSocket {
    private static final String NAME = "/dev/ptmx";

    private ConsoleSocket() {}

    /**
     * Sends one message: a name, and the terminal's master beside it.
     *
     * @param caller the process in which {@code path} means what the caller meant
     */
    public static void send(Kernel caller, String path, Fd master) {
        try (Fd socket = caller.sockets().unixStream(path)) {
            caller.sockets().connect(socket, path);
            byte[] name = NAME.getBytes(StandardCharsets.UTF_8);
            caller.sockets().send(socket, name, List.of(master));
        }
    }
}
