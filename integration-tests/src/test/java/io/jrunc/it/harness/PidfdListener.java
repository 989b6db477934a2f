// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A socket on which a test waits for the descriptor of a process. */
public final class PidfdListener implements AutoCloseable {
    private final Kernel kernel = LocalKernel.get();
    private final Fd listening;

    /** What came: its text, and the pid that the descriptor is of; -1 if the process has ended. */
    public record Message(String text, long pid) {}

    public PidfdListener(Path socket) {
        listening = kernel.sockets().unixStream("listener");
        kernel.sockets().bind(listening, socket.toString());
        kernel.sockets().listen(listening, 1);
    }

    /** Waits for one message with one descriptor. */
    public Message receive() {
        try (Fd connection = kernel.sockets().accept(listening)) {
            List<Fd> descriptors = new ArrayList<>();
            byte[] text = kernel.sockets().receive(connection, 64, descriptors);
            assertEquals(1, descriptors.size());
            try (Fd pidfd = descriptors.get(0)) {
                String info = Result.text(Path.of("/proc/self/fdinfo/" + pidfd.number()));
                String pid = info.replaceAll("(?s).*\nPid:\t(-?\\d+)\n.*", "$1");
                return new Message(new String(text, StandardCharsets.UTF_8), Long.parseLong(pid));
            }
        }
    }

    /** Returns whether a process has connected. */
    public boolean isConnectedTo() {
        return kernel.processes().awaitEnd(listening, 0); // readable
    }

    @Override
    public void close() {
        listening.close();
    }
}
